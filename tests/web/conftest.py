"""What the tests of the shell share: a stopped clock, a table, a way to render a template as pages do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from postmarket.web import clock

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""A Monday."""


@pytest.fixture
def monday() -> Iterator[datetime]:
    """The clock of the site stands, and the site is in Berlin: 10:30 there."""
    with clock.stopped(NOW), timezone.override("Europe/Berlin"):
        yield NOW


@pytest.fixture
def draw() -> Callable[..., str]:
    """Render a piece of template with the components, escaped as on every page."""

    def draw(source: str, request: HttpRequest | None = None, **context: Any) -> str:
        return engines["django"].from_string(source).render(context, request)

    return draw


@pytest.fixture
def ask(rf: RequestFactory) -> Callable[[str], HttpRequest]:
    """A request of an address."""
    return lambda address: rf.get(address)
