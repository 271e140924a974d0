"""A wrong criterion is retired for the whole portfolio: what it changes is shown first, recorded, and undone."""

from __future__ import annotations

import pytest
from django.db import transaction

from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.models import Person
from postmarket.inventory.store import store
from postmarket.matching.aliases import builtin
from postmarket.matching.devices import match_device
from postmarket.matching.interface import Grade
from postmarket.monitoring.errors import InvalidRetirement
from postmarket.monitoring.feed_words import RetirementState
from postmarket.monitoring.models import DueVulnerability, RetiredCriterion
from postmarket.monitoring.queries.criteria import Preview, preview, retirements, said
from postmarket.monitoring.services.criteria import end_what_sources_changed, retire, undo
from postmarket.monitoring.services.rematching import rematch_portfolio
from postmarket.records import evidence
from postmarket.records.models import Entry
from postmarket.sources.interface import Source
from tests.builders import component, nvd_range, record
from tests.monitoring.feeds.given import NOW, analyst, manager, say, stored, version

pytestmark = pytest.mark.django_db

ZLIB = component("zlib", "1.2.11")
WRONG = nvd_range("a:zlib:zlib", "1.2.12")
WHY = "NVD means the Perl module."


def marked(number: int = 0) -> str:
    """The fingerprint of a criterion of CVE-2026-1001."""
    return said(by=analyst(), source="nvd", record="CVE-2026-1001")[number].fingerprint


def looked_at(by: Person) -> Preview:
    """What retiring the first criterion would change."""
    return preview(by=by, source="nvd", record="CVE-2026-1001", fingerprint=marked())


def retired(by: Person, *, why: str = WHY) -> RetiredCriterion:
    """The first criterion, retired by somebody who looked."""
    seen = looked_at(by)
    return retire(
        by=by,
        source="nvd",
        record="CVE-2026-1001",
        fingerprint=seen.fingerprint,
        seen=seen.digest,
        why=why,
        now=NOW,
    )


@pytest.fixture(autouse=True)
def portfolio() -> None:
    """Two versions with zlib, one without, and a CVE about it."""
    say(record("CVE-2026-1001", WRONG, nvd_range("a:acme:gateway", "3")))
    version(ZLIB, label="5.3")
    version(ZLIB, component("curl", "8.0"), label="5.4")
    version(component("curl", "8.0"), label="6.0")
    rematch_portfolio(now=NOW)


def test_what_it_changes_is_listed_exactly() -> None:
    """Each device version that loses the match, by name; nothing is changed by looking."""
    before = stored()

    seen = looked_at(manager())

    assert [(one.device, one.version, one.component, one.still) for one in seen.effects] == [
        ("AeroVent 5", "5.3", "zlib 1.2.11", ""),
        ("AeroVent 5", "5.4", "zlib 1.2.11", ""),
    ]
    assert (seen.vulnerability, seen.product, seen.range_text) == ("CVE-2026-1001", "a:zlib:zlib", "< 1.2.12")
    assert stored() == before


def test_what_goes_on_to_match_says_by_what() -> None:
    """An alias of another source hits the same component."""
    say(record("GHSA-1", WRONG, source=Source.OSV, aliases=("CVE-2026-1001",)))
    rematch_portfolio(now=NOW)

    assert {one.still for one in looked_at(manager()).effects} == {"as GHSA-1"}
    assert looked_at(manager()).ends == ()


def test_retiring_it_ends_the_matches_everywhere_and_is_recorded_with_its_list() -> None:
    """In the stored portfolio, in a scan of a device, and for what findings are projected from."""
    row = retired(manager())

    assert stored() == set()
    (found,) = match_device(store(), [ZLIB], aliases=builtin()).matches
    assert found.grade is Grade.CONTRADICTED
    assert WHY in found.evidence[0].notes[0]
    assert (row.versions, row.findings) == (2, 2)
    assert b'"version":"5.4"' in b"".join(evidence.read(row.effect_id))
    assert WHY in bytes(Entry.objects.get(kind="criterion.retired").content).decode()
    assert DueVulnerability.objects.exists()


def test_undo_brings_every_match_back() -> None:
    """And leaves both in the history."""
    before = stored()
    mara = manager()
    row = retired(mara)

    undo(by=mara, retired=row, why="It was right.", now=NOW)

    assert stored() == before
    row.refresh_from_db()
    assert (row.state, row.ended_by, row.ended_why) == (RetirementState.UNDONE, mara, "It was right.")
    assert list(retirements(by=analyst())) == [row]
    with pytest.raises(InvalidRetirement, match="not retired any more"):
        undo(by=mara, retired=row, why="Again.", now=NOW)


def test_the_source_changes_it_and_it_matches_again_and_says_so() -> None:
    """Nobody's word on the old one hides the new one."""
    row = retired(manager())
    say(record("CVE-2026-1001", nvd_range("a:zlib:zlib", "1.2.13"), modified="2026-11-24T00:00:00Z"))
    rematch_portfolio(now=NOW)

    assert end_what_sources_changed(now=NOW) == 1
    assert end_what_sources_changed(now=NOW) == 0

    row.refresh_from_db()
    assert row.state == RetirementState.ENDED
    assert len(stored()) == 1
    assert Entry.objects.filter(kind="criterion.reopened").count() == 1


def test_the_source_edits_something_else_and_it_stays_retired() -> None:
    """The same words of the product, in a record with another description."""
    row = retired(manager())
    say(record("CVE-2026-1001", WRONG, description="edited", modified="2026-11-24T00:00:00Z"))
    rematch_portfolio(now=NOW)

    assert end_what_sources_changed(now=NOW) == 0
    row.refresh_from_db()
    assert row.state == RetirementState.RETIRED
    assert stored() == set()


def test_only_what_was_seen_can_be_confirmed() -> None:
    """A version came meanwhile: the list is another."""
    mara = manager()
    seen = looked_at(mara)
    version(ZLIB, label="7.0")

    with pytest.raises(InvalidRetirement, match="no longer what was shown"):
        retire(
            by=mara,
            source="nvd",
            record="CVE-2026-1001",
            fingerprint=seen.fingerprint,
            seen=seen.digest,
            why=WHY,
            now=NOW,
        )
    assert not RetiredCriterion.objects.exists()


def test_it_takes_a_reason_and_the_permission() -> None:
    """An analyst triages, and does not change the portfolio's sources."""
    with pytest.raises(InvalidRetirement, match="for a reason"):
        retired(manager(), why="  ")
    with pytest.raises(NotAllowed):
        retired(analyst())


def test_what_is_not_there_cannot_be_retired() -> None:
    """Neither a record nor words nobody says."""
    with pytest.raises(InvalidRetirement, match="No source says this now"):
        said(by=analyst(), source="nvd", record="CVE-2026-9999")
    with pytest.raises(InvalidRetirement, match="No source says this now"):
        preview(by=manager(), source="nvd", record="CVE-2026-1001", fingerprint="0" * 24)


def test_a_failure_leaves_neither_flag_nor_row() -> None:
    """One transaction."""
    before = stored()
    with pytest.raises(RuntimeError), transaction.atomic():
        retired(manager())
        raise RuntimeError

    assert stored() == before
    assert not RetiredCriterion.objects.exists()
