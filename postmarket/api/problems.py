"""Our errors as problem details (RFC 9457): what, where, why, what to do, and a code that stays the same."""

from __future__ import annotations

import json
from typing import cast

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from postmarket.accounts.errors import InvalidToken, NotAllowed
from postmarket.api.errors import InTheWay, NoLength, NoSuchThing, TooLarge, TooMany
from postmarket.errors import PostmarketError

MEDIA_TYPE = "application/problem+json"
UNFIT = 422
STATUSES: tuple[tuple[type[PostmarketError], int], ...] = (
    (InvalidToken, 401),
    (NotAllowed, 403),
    (NoSuchThing, 404),
    (InTheWay, 409),
    (NoLength, 411),
    (TooLarge, 413),
    (TooMany, 429),
    (PostmarketError, UNFIT),
)


def install(api: NinjaAPI) -> None:
    """Have `api` answer our errors, and ninja's own about parameters, as problems."""
    api.add_exception_handler(PostmarketError, _ours)
    api.add_exception_handler(ValidationError, _parameters)


def problem(error: PostmarketError) -> HttpResponse:
    """The answer for an error."""
    status = next(status for kind, status in STATUSES if isinstance(error, kind))
    response = _answer(
        status,
        code=error.code,
        title=error.what,
        detail=error.reason(),
        where=error.where,
        why=error.why,
        next_step=error.next_step,
    )
    if isinstance(error, InvalidToken):
        response.headers["WWW-Authenticate"] = 'Bearer realm="postmarket"'
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _answer(status: int, *, code: str, title: str, detail: str, where: str, why: str, next_step: str) -> HttpResponse:
    said = {
        "type": f"urn:postmarket:problem:{code}",
        "status": status,
        "code": code,
        "title": title,
        "detail": detail,
        "where": where,
        "why": why,
        "next_step": next_step,
    }
    content = json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=False)
    return HttpResponse(content, status=status, content_type=MEDIA_TYPE)


def _ours(request: HttpRequest, error: PostmarketError | type[PostmarketError]) -> HttpResponse:
    return problem(cast(PostmarketError, error))


def _parameters(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    first = cast(ValidationError, error).errors[0]
    where = ".".join(str(part) for part in first.get("loc", ())[1:])
    return _answer(
        UNFIT,
        code="api-request",
        title="A parameter is not what it should be",
        detail=f"{where}: {first.get('msg', '')}",
        where=where,
        why=str(first.get("msg", "")),
        next_step="Look it up in the API's description.",
    )
