"""Where calendar addresses are made, and read."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.calendar import addresses, feed

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/calendar/", addresses.calendars, name="calendars"),
    path("account/calendar/<slug:key>/revoke/", addresses.revoke, name="calendar-revoke"),
    path("calendar/<str:secret>/clocks.ics", feed.calendar_feed, name="calendar-feed"),
]
