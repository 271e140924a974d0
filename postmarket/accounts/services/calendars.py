"""Calendar addresses: made and shown once, checked, taken back."""

from __future__ import annotations

import hmac
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from postmarket.accounts import token_text
from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.errors import AskedTooOften, InvalidCalendar, NotHere
from postmarket.accounts.models import CalendarAddress, Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.snapshots import calendar_snapshot
from postmarket.records.trail import Act, act

HOLDS: Final = timedelta(days=366)
MOST: Final = 5
"""Living ones of one person."""
LONGEST_NAME: Final = 80
WINDOW: Final = timedelta(minutes=10)
MOST_ASKED: Final = 30
"""In one window, by one address: several devices may share it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new address and the text in it, which is shown this once."""

    address: CalendarAddress
    text: str = field(repr=False)


def make_calendar(*, by: Person, name: str, now: datetime) -> Made:
    """
    An address of one's own, for 366 days; `name` says where it is used.

    Raises NotAllowed for who may read nothing, InvalidCalendar without a name, or when five are open already.
    """
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    label = " ".join(name.split())
    if not label or len(label) > LONGEST_NAME or not label.isprintable():
        raise InvalidCalendar(
            "This is no name", where="name", next_step=f"Say where you use it, in at most {LONGEST_NAME} characters."
        )
    written = token_text.make()
    with act(actor=by.actor, at=now, why="For a calendar of their own.") as doing:
        Person.objects.select_for_update().get(pk=by.pk)
        if living(by, now=now) >= MOST:
            raise InvalidCalendar(
                f"You have {MOST} calendar addresses already", next_step="Take one back that you no longer use."
            )
        row = CalendarAddress.objects.create(
            key=written.key,
            secret_sha256=written.sha256(),
            name=label,
            person=by,
            made_at=now,
            expires_at=now + HOLDS,
        )
        doing.note("calendar.made", subject=row, before=None, after=calendar_snapshot(row))
    return Made(row, written.text())


def living(person: Person, *, now: datetime) -> int:
    """How many of their addresses open something now."""
    return CalendarAddress.objects.filter(person=person, revoked_at=None, expires_at__gt=now).count()


def check_calendar(text: str, *, now: datetime) -> CalendarAddress:
    """
    The address that `text` is the secret of; it may have ended (`expires_at`), for the caller to say so there.

    Counts the request and notes the day. Raises InvalidCalendar, one and the same for what is unknown, mistyped, taken
    back or of somebody deactivated; AskedTooOften.
    """
    written = token_text.read(text)
    with transaction.atomic():
        row = None
        if written is not None:
            rows = CalendarAddress.objects.select_for_update(of=("self",)).select_related("person")
            row = rows.filter(key=written.key).first()
        known = row.secret_sha256 if row is not None else ""
        given = written.sha256() if written is not None else "-"
        right = hmac.compare_digest(known, given)
        if row is None or not right or row.revoked_at is not None or not row.person.is_active:
            raise InvalidCalendar("There is no such calendar", next_step="Make another address under Your account.")
        _count(row, now=now)
        row.last_used_on = now.date()
        row.save(update_fields=["began", "asked", "last_used_on"])
    return row


def revoke_calendar(*, by: Person, key: str, now: datetime) -> CalendarAddress:
    """Take back an address of one's own. Raises NotHere."""
    with act(actor=by.actor, at=now, why="Took back the own calendar address.") as doing:
        row = CalendarAddress.objects.select_for_update().filter(person=by, key=key).first()
        if row is None:
            raise NotHere("You have no such calendar address", next_step="Look for it in your list.")
        if row.revoked_at is None:
            _revoke(row, doing=doing, now=now)
    return row


def revoke_calendars_of(person: Person, *, doing: Act, now: datetime) -> None:
    """Take back all of somebody's, within the act that closes or renews their access."""
    for row in CalendarAddress.objects.select_for_update().filter(person=person, revoked_at=None):
        _revoke(row, doing=doing, now=now)


def _revoke(row: CalendarAddress, *, doing: Act, now: datetime) -> None:
    before = calendar_snapshot(row)
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    doing.note("calendar.revoked", subject=row, before=before, after=calendar_snapshot(row))


def _count(row: CalendarAddress, *, now: datetime) -> None:
    if row.began is None or now - row.began >= WINDOW:
        row.began, row.asked = now, 0
    if row.asked >= MOST_ASKED:
        raise AskedTooOften(math.ceil((row.began + WINDOW - now).total_seconds()))
    row.asked += 1
