"""Counting failures at the doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from postmarket.accounts import lockout
from postmarket.accounts.addresses import canonical_email
from postmarket.accounts.errors import InvalidPerson, LockedOut
from postmarket.accounts.models import Attempts, Door
from postmarket.accounts.secrets_kept import keyed_hash

PATIENCE: Final = {Door.ACCOUNT: lockout.ACCOUNT, Door.ADDRESS: lockout.ADDRESS, Door.SIGNING: lockout.SIGNING}


@dataclass(frozen=True, slots=True)
class Counted:
    """An attempt that may go on; if it fails, the door is shut until then (None: it stays open)."""

    door: Door
    key: str
    locked_until: datetime | None


def account_key(typed: str) -> str:
    """The key under which attempts on an account are counted, whether anybody has that address or not."""
    try:
        address = canonical_email(typed)
    except InvalidPerson:
        address = typed.strip().casefold()
    return keyed_hash("attempts", address)


def count_attempt(*, door: Door, key: str, now: datetime) -> Counted:
    """
    Count an attempt as failed before it is looked at; `forgive` or `take_back` after one that succeeds.

    So a hundred guesses sent at once are a hundred failures, not one. Raises LockedOut while the door is shut, without
    counting. Commits by itself: call it outside the transaction of what is attempted.
    """
    patience = PATIENCE[door]
    with transaction.atomic():
        Attempts.objects.get_or_create(door=door, key=key, defaults={"last_failed_at": now})
        row = Attempts.objects.select_for_update().get(door=door, key=key)
        if row.locked_until is not None and row.locked_until > now:
            minutes = -(-(row.locked_until - now).total_seconds() // 60)
            raise LockedOut(
                "Too many failed attempts",
                next_step=f"Try again in {minutes:.0f} minute{'' if minutes == 1 else 's'}.",
            )
        row.failures = lockout.failures_after(
            row.failures, last_failed_at=row.last_failed_at, now=now, patience=patience
        )
        row.last_failed_at = now
        row.locked_until = lockout.locked_until(row.failures, now=now, patience=patience)
        row.save()
    return Counted(door, key, row.locked_until)


def forgive(counted: Counted) -> None:
    """The attempt succeeded: nothing is held against this key."""
    Attempts.objects.filter(door=counted.door, key=counted.key).delete()


def take_back(counted: Counted, *, now: datetime) -> None:
    """The attempt succeeded: only this one is not held against the key; whoever guesses gains nothing by signing in."""
    with transaction.atomic():
        row = Attempts.objects.select_for_update().filter(door=counted.door, key=counted.key).first()
        if row is not None and row.failures:
            row.failures -= 1
            row.locked_until = lockout.locked_until(row.failures, now=now, patience=PATIENCE[counted.door])
            row.save()
