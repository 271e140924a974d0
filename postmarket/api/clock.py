"""The API's clock."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The time, in UTC."""
    return timezone.now()
