"""One's own calendar addresses."""

from __future__ import annotations

from datetime import datetime

from postmarket.accounts.models import CalendarAddress, Person


def calendars_of(person: Person, *, now: datetime) -> list[CalendarAddress]:
    """Those that open something, newest first."""
    return list(CalendarAddress.objects.filter(person=person, revoked_at=None, expires_at__gt=now))
