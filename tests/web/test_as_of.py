"""How old the data is, said on every page: of what is fresh, and which source is not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import RequestFactory

from postmarket.monitoring.models import Feed
from postmarket.sources.interface import Source
from postmarket.web import clock
from postmarket.web.pages.feeds.as_of import data_as_of
from postmarket.web.shell import AsOf
from tests.builders import NOW

pytestmark = pytest.mark.django_db
HOURLY = 60


def heard(**ago: timedelta) -> None:
    """When sources last answered; each is asked hourly."""
    for source, since in ago.items():
        Feed.objects.create(source=source, every_minutes=HOURLY, heard_at=NOW - since)


def said(at: datetime = NOW) -> AsOf | None:
    """What the top of a page says."""
    with clock.stopped(at):
        return data_as_of(RequestFactory().get("/"))


def test_before_anything_came_nothing_is_claimed() -> None:
    """No date is better than a wrong one."""
    assert said() is None


def test_fresh_sources_say_as_of_when_and_none_is_blamed() -> None:
    """As of the oldest of them; a source that never came is listed as such."""
    heard(nvd=timedelta(hours=1), kev=timedelta(minutes=5))
    found = said()

    assert found is not None
    assert (found.at, found.stale) == (NOW - timedelta(hours=1), None)
    assert [one.name for one in found.sources if one.at is None] == ["CVE List", "EPSS", "OSV", "CSAF"]


def test_the_oldest_source_is_named_only_when_it_is_older_than_it_should_be() -> None:
    """Then the time is that of the others, and does not look as if all were so old."""
    heard(nvd=timedelta(days=3), osv=timedelta(days=9), kev=timedelta(minutes=5))
    found = said()

    assert found is not None
    assert found.at == NOW - timedelta(minutes=5)
    assert found.stale is not None
    assert (found.stale.name, found.stale.at) == ("OSV", NOW - timedelta(days=9))


def test_when_no_source_is_fresh_the_newest_stands_beside_the_oldest() -> None:
    """Nothing looks fresh: the oldest is named."""
    heard(**{source.value: timedelta(days=30) for source in Source})
    Feed.objects.filter(source="epss").update(heard_at=NOW - timedelta(days=800))
    found = said()

    assert found is not None
    assert found.stale is not None
    assert (found.at, found.stale.name) == (NOW - timedelta(days=30), "EPSS")
