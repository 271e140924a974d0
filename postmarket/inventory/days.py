"""Calendar days as the site lives them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def site_day(now: datetime) -> date:
    """The day it is at `now` (UTC) in the site's zone."""
    return now.astimezone(ZoneInfo(settings.SITE_TIME_ZONE)).date()
