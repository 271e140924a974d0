"""One-time links: made, and used once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from postmarket.accounts.errors import InvalidLink
from postmarket.accounts.models import Link, Person, Purpose
from postmarket.accounts.secrets_kept import make_secret, sha256_of

HOLDS: Final = {Purpose.FIRST_RUN: timedelta(hours=1), Purpose.INVITATION: timedelta(days=7)}


def make_link(*, purpose: Purpose, person: Person | None, now: datetime) -> str:
    """A new link's secret, shown or sent once; older links for the same end are void from now on."""
    void_links(purpose=purpose, person=person, now=now)
    secret = make_secret()
    Link.objects.create(
        purpose=purpose, person=person, secret_sha256=sha256_of(secret), made_at=now, expires_at=now + HOLDS[purpose]
    )
    return secret


def void_links(*, purpose: Purpose, person: Person | None, now: datetime) -> None:
    """No link for this end opens anything any more."""
    Link.objects.filter(purpose=purpose, person=person, used_at=None).update(used_at=now)


def find_link(*, secret: str, purpose: Purpose, now: datetime) -> Link:
    """The link that `secret` opens now, unspent. Raises InvalidLink, the same for every reason."""
    link = Link.objects.select_related("person").filter(secret_sha256=sha256_of(secret), purpose=purpose).first()
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise _invalid(purpose)
    return link


def spend_link(*, secret: str, purpose: Purpose, now: datetime) -> Link:
    """Use the link up, in the caller's transaction. Of two who use it at once, one gets InvalidLink."""
    link = find_link(secret=secret, purpose=purpose, now=now)
    if not Link.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise _invalid(purpose)
    return link


def _invalid(purpose: Purpose) -> InvalidLink:
    ways = {
        Purpose.FIRST_RUN: "Start the server again for a new link, or run: postmarket people invite-admin ADDRESS.",
        Purpose.INVITATION: "Ask an administrator for a new invitation.",
    }
    return InvalidLink(
        "This link does not work", why="it was used, is too old, or is not whole", next_step=ways[purpose]
    )
