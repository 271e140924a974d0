"""How often a token may upload: a pipeline gone wild must not fill the disk, nor keep others waiting."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.db import transaction

from postmarket.accounts.models import ApiToken
from postmarket.api.errors import TooMany
from postmarket.api.models import Usage

WINDOW = timedelta(minutes=1)
MOST_UPLOADS = 60
"""In one window, by one token."""


def count_upload(token: ApiToken, *, now: datetime) -> None:
    """Count one upload of a token. Raises TooMany when the window is full; that one is not counted."""
    with transaction.atomic():
        Usage.objects.get_or_create(token=token, defaults={"began": now})
        usage = Usage.objects.select_for_update().get(token=token)
        if now - usage.began >= WINDOW:
            usage.began, usage.uploads = now, 0
        if usage.uploads < MOST_UPLOADS:
            usage.uploads += 1
            usage.save()
            return
    left = math.ceil((usage.began + WINDOW - now).total_seconds())
    raise TooMany(
        f"The token “{token.name}” uploads too often",
        why=f"{MOST_UPLOADS} uploads a minute are the most",
        retry_after=max(left, 1),
    )
