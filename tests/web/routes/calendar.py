"""Calendar addresses and what is read there."""

from __future__ import annotations

from collections.abc import Mapping

from postmarket.accounts.models import CalendarAddress, Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.token_text import make
from tests.accounts.builders import person
from tests.monitoring.builders import NOW
from tests.web.routes.interface import ANYBODY, Route, Routes, holders

READ = holders(Permission.CONTENT_READ)


def own(who: Person | None) -> Mapping[str, object]:
    """An address of who asks."""
    written = make()
    CalendarAddress.objects.create(
        key=written.key,
        secret_sha256=written.sha256(),
        name="Phone",
        person=who or person("Otto Other"),
        made_at=NOW,
        expires_at=NOW,
    )
    return {"key": written.key}


ROUTES: Routes = {
    "calendars": Route(allowed=READ, methods=("GET", "POST")),
    "calendar-revoke": Route(allowed=READ, methods=("POST",), kwargs=own),
    "calendar-feed": Route(allowed=ANYBODY, kwargs=lambda who: {"secret": "x"}, answers=frozenset({404})),
}
