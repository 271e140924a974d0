"""Every test of records has an evidence folder of its own; anchors go to its folder only; the key stays the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from postmarket.records import alerts, evidence
from postmarket.records.alerts import Alert


@pytest.fixture(autouse=True)
def places(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that one test keeps is found by another."""
    settings.ANCHOR_MAIL = []
    settings.ANCHOR_WEBHOOK = ""
    monkeypatch.setattr(evidence, "FOLDER", tmp_path / "evidence")


@pytest.fixture
def told() -> Iterator[list[Alert]]:
    """What was told, in order."""
    heard: list[Alert] = []

    def hear(alert: Alert) -> None:
        heard.append(alert)

    alerts.register(hear)
    yield heard
    alerts.unregister(hear)
