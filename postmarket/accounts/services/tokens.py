"""API tokens: issued, checked, revoked."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from postmarket.accounts import token_text
from postmarket.accounts.authority import Bearer, require
from postmarket.accounts.errors import InvalidToken
from postmarket.accounts.models import ApiToken, DeviceLine, Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.scopes import GIVES, Scope
from postmarket.accounts.snapshots import token_snapshot
from postmarket.records.trail import Act, act

LONGEST = timedelta(days=366)
LONGEST_NAME = 80
ISSUE_ANOTHER = "Issue another token under People, API tokens."


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token and its text, which is shown this once."""

    token: ApiToken
    text: str = field(repr=False)


def issue_token(
    *,
    by: Person,
    name: str,
    scopes: Collection[Scope],
    line: DeviceLine | None,
    holds: timedelta,
    why: str,
    now: datetime,
) -> Issued:
    """
    A token for a machine, for at most 366 days. It may do what its scopes say, as far as `by` may at that moment.

    Raises NotAllowed when `by` lacks a scope's permission for that line (None: for all lines), InvalidToken for no
    scope, no printable name or too long a time.
    """
    require(by, Permission.TOKENS_ISSUE, on=line)
    for permission in sorted({one for scope in scopes for one in GIVES[scope]}):
        require(by, permission, on=line)
    label = " ".join(name.split())
    if not scopes or not label or len(label) > LONGEST_NAME or not label.isprintable():
        raise InvalidToken(
            "A token has a name and at least one scope", next_step=f"Name its use in at most {LONGEST_NAME} characters."
        )
    if not timedelta() < holds <= LONGEST:
        raise InvalidToken("A token ends", next_step=f"Let it hold for 1 to {LONGEST.days} days.")
    written = token_text.make()
    with act(actor=by.actor, at=now, why=why) as doing:
        token = ApiToken.objects.create(
            key=written.key,
            secret_sha256=written.sha256(),
            name=label,
            scopes=" ".join(sorted(scopes)),
            line=line,
            issued_by=by,
            issued_at=now,
            expires_at=now + holds,
        )
        doing.note("token.issued", subject=token, before=None, after=token_snapshot(token))
    return Issued(token, written.text())


def check_token(text: str, *, now: datetime) -> Bearer:
    """
    Who the token `text` lets in. Notes the day of its use.

    Raises InvalidToken: one and the same for what is unknown or mistyped, with the reason only for a right secret.
    """
    written = token_text.read(text)
    token = None
    if written is not None:
        token = ApiToken.objects.select_related("issued_by", "line").filter(key=written.key).first()
    known = token.secret_sha256 if token is not None else ""
    given = written.sha256() if written is not None else "-"
    if token is None or not hmac.compare_digest(known, given):
        raise InvalidToken("This API token is not known here", next_step=ISSUE_ANOTHER)
    if token.revoked_at is not None or not token.issued_by.is_active:
        raise InvalidToken("This API token was revoked", where=f"pm_{token.key}", next_step=ISSUE_ANOTHER)
    if token.expires_at <= now:
        raise InvalidToken(
            f"This API token expired on {token.expires_at:%Y-%m-%d}", where=f"pm_{token.key}", next_step=ISSUE_ANOTHER
        )
    if token.last_used_on != now.date():
        token.last_used_on = now.date()
        token.save(update_fields=["last_used_on"])
    return Bearer(token)


def revoke_token(*, by: Person, token: ApiToken, why: str, now: datetime) -> ApiToken:
    """Void a token: one's own, or any by who may revoke for its line. Raises NotAllowed."""
    if token.issued_by_id != by.pk:
        require(by, Permission.TOKENS_REVOKE, on=token.line)
    with act(actor=by.actor, at=now, why=why) as doing:
        token = ApiToken.objects.select_for_update(of=("self",)).select_related("line").get(pk=token.pk)
        if token.revoked_at is None:
            _revoke(token, by=by, doing=doing, now=now)
    return token


def revoke_tokens_of(*, person: Person, by: Person, doing: Act, now: datetime) -> None:
    """Void all tokens somebody issued, within the act that deactivates them."""
    for token in ApiToken.objects.select_related("line").filter(issued_by=person, revoked_at=None):
        _revoke(token, by=by, doing=doing, now=now)


def _revoke(token: ApiToken, *, by: Person, doing: Act, now: datetime) -> None:
    before = token_snapshot(token)
    token.revoked_at, token.revoked_by = now, by
    token.save(update_fields=["revoked_at", "revoked_by"])
    doing.note("token.revoked", subject=token, before=before, after=token_snapshot(token))
