"""The portfolio follows every feed and every listing: at once or in parts, once, whoever is killed when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import transaction

from postmarket.inventory.hooks import listing_changed
from postmarket.inventory.store import store
from postmarket.matching.rematch import is_behind, rematch, waiting
from postmarket.monitoring import hooks
from postmarket.monitoring.hooks import Rematched
from postmarket.monitoring.models import RematchPart, RematchPlan
from postmarket.monitoring.services import rematching
from postmarket.monitoring.services.rematching import rematch_if_behind, rematch_part, rematch_portfolio
from postmarket.records.models import Entry
from postmarket.sources.interface import Source
from postmarket.tasks import run_due
from postmarket.tasks.models import State, Task
from tests.builders import component, kev, kev_catalogue, nvd_range, record
from tests.monitoring.feeds.given import NOW, kept, loaded_by_command_line, say, stored, version

pytestmark = pytest.mark.django_db

LIBRARIES = tuple(
    component(f"lib{number}", "1.0", cpes=(f"cpe:2.3:a:acme:lib{number}:1.0:*:*:*:*:*:*:*",)) for number in range(7)
)
WORDS = tuple(record(f"CVE-2026-100{number}", nvd_range(f"a:acme:lib{number}", "2.0")) for number in range(7))


@pytest.fixture
def heard() -> Iterator[list[Rematched]]:
    """What a listener hears."""
    told: list[Rematched] = []

    def listen(what: Rematched, now: datetime) -> None:
        told.append(what)

    hooks.on_rematched(listen)
    yield told
    hooks.forget_rematch_listener(listen)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two changed vulnerabilities are many, and three identities a part."""
    monkeypatch.setattr(rematching, "MANY_VULNERABILITIES", 2)
    monkeypatch.setattr(rematching, "PART_IDENTITIES", 3)


def records_of_rematches() -> list[dict[str, object]]:
    """What the trail says of re-matches."""
    return [json.loads(bytes(entry.content))["detail"] for entry in Entry.objects.filter(kind="monitoring.rematched")]


def test_what_changed_is_matched_told_and_recorded_once(heard: list[Rematched]) -> None:
    """Sources and identities alike; a second time there is nothing to do."""
    say(*WORDS[:2])
    kept(*LIBRARIES[:2])

    rematch_portfolio(now=NOW)
    rematch_portfolio(now=NOW)

    assert len(stored()) == 2
    assert [(what.vulnerabilities, what.first_identity, what.last_identity) for what in heard] == [((1, 2), 1, 2)]
    (detail,) = records_of_rematches()
    assert detail["counts"] == {"vulnerabilities": 2, "identities": 2, "gained": 2, "lost": 0}


def test_a_match_that_ends_is_listed_as_lost(heard: list[Rematched]) -> None:
    """The source corrects its range."""
    say(WORDS[0])
    kept(LIBRARIES[0])
    rematch_portfolio(now=NOW)
    say(record("CVE-2026-1000", nvd_range("a:acme:lib0", "0.5"), modified="2026-11-24T00:00:00Z"))

    rematch_portfolio(now=NOW)

    assert stored() == set()
    assert records_of_rematches()[-1]["counts"] == {"vulnerabilities": 1, "identities": 0, "gained": 0, "lost": 1}


def test_a_catalogue_changes_no_match_but_is_told(heard: list[Rematched]) -> None:
    """KEV: what is kept of a vulnerability must hear of it; the trail needs no word."""
    say(WORDS[0])
    kept(LIBRARIES[0])
    rematch_portfolio(now=NOW)
    loaded_by_command_line(Source.KEV, kev_catalogue(kev("CVE-2026-1000")))

    assert rematch_if_behind(now=NOW)
    rematch_portfolio(now=NOW)

    assert (heard[-1].before, heard[-1].visible, heard[-1].vulnerabilities) == (1, 2, ())
    assert len(records_of_rematches()) == 1
    assert not rematch_if_behind(now=NOW)


def test_a_listing_that_changed_has_the_portfolio_matched() -> None:
    """By a task with one key, in the transaction of the change."""
    say(WORDS[0])
    made = [version(LIBRARIES[0], label=label) for label in ("5.3", "5.4")]

    for one in made:
        listing_changed([one.pk], now=NOW)
    assert Task.objects.filter(name="monitoring.rematch").count() == 1
    run_due(now=NOW)

    assert len(stored()) == 1
    assert Task.objects.get(name="monitoring.rematch").state == State.DONE


def test_parts_give_what_one_match_gives(small_parts: None, heard: list[Rematched]) -> None:
    """When much changed the portfolio is cut; workers share it, and one record says what all of them did."""
    say(*WORDS)
    kept(*LIBRARIES)

    rematch_portfolio(now=NOW)
    assert RematchPart.objects.count() == 3
    assert stored() == set()
    run_due(now=NOW)

    in_parts = stored()
    assert len(in_parts) == 7
    assert not is_behind(store())
    assert [what.everything for what in heard] == [True]
    (detail,) = records_of_rematches()
    assert detail["counts"] == {"matches": 7, "gained": 7, "lost": 0, "parts": 3}
    with store().writing():
        rematch(store())
    assert stored() == in_parts


def test_what_comes_while_parts_are_at_work_is_matched_after_them(small_parts: None, heard: list[Rematched]) -> None:
    """A second re-match waits for the plan; its end wants it again."""
    say(*WORDS[:6])
    kept(*LIBRARIES)
    rematch_portfolio(now=NOW)
    say(WORDS[6])

    rematch_portfolio(now=NOW)
    assert RematchPlan.objects.count() == 1
    run_due(now=NOW)

    assert len(stored()) == 7
    assert [what.everything for what in heard] == [True, False]
    assert waiting(store()).nothing


@pytest.mark.parametrize("step", ["rematch_changes", "rematched", "_note"])
def test_killed_anywhere_it_is_done_once_by_the_next_attempt(
    step: str, heard: list[Rematched], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything it did goes with it; nothing is half done and nothing told twice."""
    say(*WORDS[:2])
    kept(*LIBRARIES[:2])
    with monkeypatch.context() as patch:
        dies_after(patch, step)
        with pytest.raises(Killed), transaction.atomic():
            rematch_portfolio(now=NOW)
    heard.clear()  # what it heard was undone with the transaction
    assert stored() == set()
    assert not records_of_rematches()

    rematch_portfolio(now=NOW)

    assert len(stored()) == 2
    assert len(heard) == len(records_of_rematches()) == 1


@pytest.mark.parametrize("step", ["apply_part", "_end"])
def test_a_part_killed_anywhere_is_done_by_the_next_attempt(
    step: str, small_parts: None, heard: list[Rematched], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also the last one, which ends the plan."""
    say(*WORDS)
    kept(*LIBRARIES)
    rematch_portfolio(now=NOW)
    *first, last = RematchPart.objects.values_list("pk", flat=True)
    for part in first:
        rematch_part(part, now=NOW)
    with monkeypatch.context() as patch:
        dies_after(patch, step)
        with pytest.raises(Killed), transaction.atomic():
            rematch_part(last, now=NOW)
    heard.clear()

    rematch_part(last, now=NOW)
    rematch_part(last, now=NOW)

    assert len(stored()) == 7
    assert len(heard) == len(records_of_rematches()) == 1


class Killed(BaseException):
    """As `kill -9`, as far as one process can play it."""


def dies_after(patch: pytest.MonkeyPatch, step: str) -> None:
    """Let the process end right after a step."""
    real = getattr(rematching, step)

    def dying(*args: object, **kwargs: object) -> object:
        real(*args, **kwargs)
        raise Killed

    patch.setattr(rematching, step, dying)
