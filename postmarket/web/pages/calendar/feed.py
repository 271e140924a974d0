"""What a calendar program reads at somebody's address: no session, no page, little of a restricted case."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from allauth.core.internal.ratelimit import consume
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from postmarket.accounts.errors import AskedTooOften, InvalidCalendar
from postmarket.accounts.services.calendars import check_calendar
from postmarket.cases.queries.calendar import NAME, calendar_of
from postmarket.cases.rules.icalendar import Entry, calendar
from postmarket.web import clock

if TYPE_CHECKING:
    from postmarket.accounts.models import CalendarAddress

PER_NETWORK: Final = {"calendar": "120/m/ip"}
"""By network address, known or not; each web process counts for itself. Each calendar address has its own limit."""
MINUTE: Final = timedelta(minutes=1)
MEDIA_TYPE: Final = "text/calendar; charset=utf-8"


@login_not_required
@never_cache
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """
    The clocks that the person of this address may see now; of their own cases alone with `?mine=yes`.

    What opens nothing gets one and the same 404. One that has ended says so as an entry of today, so that nobody takes
    an old calendar for a quiet one.
    """
    if consume(request, app="postmarket", action="calendar", config=PER_NETWORK, limit_get=True) is None:
        return _too_often(int(MINUTE.total_seconds()))
    now = clock.now()
    try:
        address = check_calendar(secret, now=now)
    except AskedTooOften as error:
        return _too_often(error.retry_after)
    except InvalidCalendar as error:
        return HttpResponse(error.reason(), status=404, content_type="text/plain; charset=utf-8")
    if address.expires_at <= now:
        text = calendar([_ended(request, address)], name=NAME)
    else:
        text = calendar_of(address.person, mine=request.GET.get("mine") == "yes")
    return HttpResponse(text, content_type=MEDIA_TYPE, headers={"Content-Disposition": 'inline; filename="clocks.ics"'})


def _ended(request: HttpRequest, address: CalendarAddress) -> Entry:
    now = clock.now()
    return Entry(
        uid=f"calendar-{address.key}@postmarket",
        summary="postmarket: this calendar has ended and shows no clocks",
        description=f"Make another address: {request.build_absolute_uri(reverse('calendars'))}",
        changed=now,
        day=now.date(),
    )


def _too_often(seconds: int) -> HttpResponse:
    headers = {"Retry-After": str(max(seconds, 1))}
    return HttpResponse("Asked too often.", status=429, content_type="text/plain; charset=utf-8", headers=headers)
