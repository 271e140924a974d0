"""Since when something is new to somebody: since the visit before this one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE: Final = "visits"
KEPT_SECONDS: Final = 90 * 24 * 3600
A_VISIT: Final = timedelta(hours=4)
"""Pages opened within this time of each other are one visit."""
AT_MOST: Final = timedelta(days=30)
FIRST_VISIT: Final = timedelta(days=7)
"""What somebody who comes for the first time is shown."""
SALT: Final = "postmarket.web.visits"


def new_since(request: HttpRequest, *, now: datetime) -> datetime:
    """When the visit before this one ended (UTC), a week ago for a first visit; never longer ago than 30 days."""
    ended, seen = _kept(request)
    if seen is None:
        return now - FIRST_VISIT
    since = seen if now - seen > A_VISIT else ended or now - FIRST_VISIT
    return max(since, now - AT_MOST)


def keep_visit(request: HttpRequest, response: HttpResponse, *, now: datetime) -> None:
    """Remember that the person was here now."""
    since = new_since(request, now=now)
    response.set_signed_cookie(
        COOKIE,
        f"{since.timestamp():.0f} {now.timestamp():.0f}",
        salt=f"{SALT}.{request.user.pk}",
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _kept(request: HttpRequest) -> tuple[datetime | None, datetime | None]:
    said = request.get_signed_cookie(COOKIE, default="", salt=f"{SALT}.{request.user.pk}")
    try:
        ended, seen = (datetime.fromtimestamp(int(part), UTC) for part in str(said).split(" "))
    except ValueError:
        return None, None
    return ended, seen
