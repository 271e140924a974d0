"""A token, and requests with it, for tests of the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.test import Client

from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.scopes import Scope
from postmarket.accounts.services.tokens import issue_token
from tests.inventory.given import engineer

SBOMS = "/api/postmarket/v1/sboms"


def token(
    *scopes: Scope, by: Person | None = None, line: DeviceLine | None = None, holds: timedelta = timedelta(days=30)
) -> str:
    """A token as it is shown once; to send SBOMs unless other scopes are named. It holds from now, as the API does."""
    issued = issue_token(
        by=by or engineer(),
        name="CI of the ventilator",
        scopes=scopes or (Scope.SBOMS_WRITE,),
        line=line,
        holds=holds,
        why="For the pipeline.",
        now=datetime.now(UTC),
    )
    return issued.text


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]


def send(content: bytes, *, by: str = "", content_type: str = "application/json", **query: str) -> Answer:
    """PUT an SBOM as the body."""
    address = f"{SBOMS}?{urlencode(query)}" if query else SBOMS
    headers = {"Authorization": f"Bearer {by}"} if by else {}
    return _answered(Client().put(address, content, content_type=content_type, headers=headers))


def send_form(fields: Mapping[str, str], *files: tuple[str, str, bytes], by: str) -> Answer:
    """PUT a form with files, each with its part's name, its file name and its bytes."""
    edge = "edge-of-a-part"
    said = 'Content-Disposition: form-data; name="'
    body = "".join(f'--{edge}\r\n{said}{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()).encode()
    for part, name, content in files:
        head = f'--{edge}\r\n{said}{part}"; filename="{name}"\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    body += f"--{edge}--\r\n".encode()
    return send(body, by=by, content_type=f"multipart/form-data; boundary={edge}")


def ask(address: str, *, by: str) -> Answer:
    """GET an address."""
    return _answered(Client().get(address, headers={"Authorization": f"Bearer {by}"}))


def _answered(response: HttpResponseBase) -> Answer:
    return Answer(response.status_code, json.loads(response.getvalue()), response.headers)
