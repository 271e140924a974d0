"""Pages for what went wrong, in our words: what, why, and the one next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from postmarket.errors import PostmarketError
from postmarket.web.shell import Shell


@dataclass(frozen=True)
class Words:
    """What a page says: its title is the finding."""

    title: str
    why: str
    next_step: str


WORDS: Final[Mapping[int, Words]] = {
    400: Words(
        "The site could not understand this request.",
        "It was incomplete or not what a browser sends.",
        "Go back, reload the page and try once more.",
    ),
    403: Words(
        "You may not open this.",
        "Your roles do not include it, or the page was open for so long that its form no longer counts.",
        "Reload the page you came from. If you need this for your work, ask an administrator for the role.",
    ),
    404: Words(
        "There is no such page.",
        "The address may be mistyped, or what it named was moved. Nothing on record is ever deleted.",
        "Look for it by its name, number or identifier.",
    ),
    405: Words(
        "This address takes no such request.", "A form or a link asked it the wrong way.", "Go back and reload."
    ),
    413: Words(
        "That is too large to take in.",
        "What was sent is over the limit of one upload. Nothing of it was kept.",
        "Send a smaller file, or load it on the machine itself with the postmarket command.",
    ),
    429: Words(
        "Too many tries. Wait a little.",
        "Repeated requests are slowed down to keep accounts and patients' data safe.",
        "Try again in a few minutes.",
    ),
    500: Words(
        "The site made a mistake.",
        "This is a defect of postmarket, not yours. What you last saved is safe; what you just sent was not saved.",
        "Try once more. If it comes again, report the reference below.",
    ),
    503: Words(
        "The site is not ready.",
        "It is starting, being brought up to date, or its database cannot be reached.",
        "Try again in a minute.",
    ),
}
STATUS_BY_CODE: Final[Mapping[str, int]] = {
    "not-allowed": 403,
    "not-found": 404,
    "finding-not-found": 404,
    "case-not-found": 404,
    "report-not-found": 404,
    "assessment-not-found": 404,
    "assessment-changed": 409,
    "too-large": 413,
    "locked-out": 429,
    "too-many": 429,
}
"""Which status an error of ours has; any other is 400: a person can mend it."""


def of(request: HttpRequest, error: PostmarketError) -> HttpResponse:
    """The page of one of our errors: its own words, unchanged."""
    status = STATUS_BY_CODE.get(error.code, 400)
    why = f"{error.where}: {error.why}" if error.where and error.why else error.where or error.why
    return page(request, status, Words(error.what, why, error.next_step), code=error.code)


def page(request: HttpRequest, status: int, words: Words | None = None, *, code: str = "") -> HttpResponse:
    """
    The page for `status`; a request by htmx gets its first sentence in a header as well, for the line at the edge.

    Rendered without the database: it must work when nothing else does.
    """
    said = words or WORDS.get(status, WORDS[400])
    html = render_to_string(
        "web/failure.html",
        {
            "request": request,
            "shell": FailingShell(request),
            "words": said,
            "status": status,
            "code": code,
            "reference": getattr(request, "reference", ""),
        },
    )
    line = " ".join(part for part in (said.title, said.next_step) if part)
    return HttpResponse(html, status=status, headers={"X-Error": quote(line, safe=" ,.")})


class FailingShell(Shell):
    """The frame when something failed: no navigation, no person, no query."""

    signed_in = False
    failing = True


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 400."""
    return page(request, 400)


@login_not_required
def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 403."""
    return page(request, 403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 404."""
    return page(request, 404)


@login_not_required
def too_many(request: HttpRequest) -> HttpResponse:
    """Too many requests of one kind: allauth's limits ask for it."""
    return page(request, 429)


@login_not_required
def defect(request: HttpRequest) -> HttpResponse:
    """Django's 500."""
    return page(request, 500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token does not fit: an old page, or another site's."""
    return page(
        request,
        403,
        Words(
            "This form no longer counts.",
            "The page was open for long, cookies are off, or the form came from another site. Nothing was changed.",
            "Go back, reload the page and send it again.",
        ),
    )
