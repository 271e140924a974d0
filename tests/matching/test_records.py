"""The store: what is visible when, and what becomes of a record that is told again."""

from __future__ import annotations

from postmarket.matching.facts import vulnerabilities
from postmarket.matching.store import runs
from postmarket.matching.store.engine import Connection
from postmarket.matching.store.records import Outcome, RecordWriter
from postmarket.sources.interface import Rating, Source
from tests.builders import NOW, Match, Tell, component, nvd_range, record

OLD_ZLIB = component("zlib", "1.2.11")


def write(store: Connection, *records: object, publish: bool) -> list[Outcome]:
    """Write records as one load of NVD that is published, or stops before."""
    run = runs.begin(store, Source.NVD, now=NOW)
    writer = RecordWriter(store, source="nvd", run_id=run.id, generation=run.generation)
    outcomes = [writer.add(item) for item in records]  # type: ignore[arg-type]
    writer.flush()
    if publish:
        runs.publish(store, run, now=NOW)
    else:
        runs.interrupt(store, run, now=NOW)
    return outcomes


def test_nothing_of_an_unfinished_load_is_visible(store: Connection, match: Match) -> None:
    """A killed load leaves readers what they had."""
    write(store, record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")), publish=True)
    write(
        store,
        record("CVE-1", nvd_range("a:zlib:zlib", "1.2.0"), modified="2026-01-02T00:00:00Z"),
        record("CVE-2", nvd_range("a:zlib:zlib", "1.2.12")),
        publish=False,
    )

    found = match(OLD_ZLIB).matches

    assert [vulnerabilities(store, [item.vulnerability])[item.vulnerability].name for item in found] == ["CVE-1"]


def test_a_load_run_again_after_a_kill_finds_its_records_written(store: Connection, match: Match) -> None:
    """It goes on instead of starting anew, and all of it becomes visible at once."""
    records = [record(f"CVE-{number}", nvd_range("a:zlib:zlib", "1.2.12")) for number in range(3)]
    write(store, *records[:2], publish=False)

    outcomes = write(store, *records, publish=True)

    assert outcomes == [Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.ADDED]
    assert len(match(OLD_ZLIB).matches) == 3


def test_a_changed_record_replaces_its_ranges(store: Connection, match: Match) -> None:
    """The source corrects itself: the old range is gone, the id stays."""
    write(store, record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")), publish=True)

    outcomes = write(store, record("CVE-1", nvd_range("a:zlib:zlib", "1.2.11")), publish=True)

    assert outcomes == [Outcome.CHANGED]
    assert match(OLD_ZLIB).matches == ()
    assert store.execute("SELECT count(*) FROM criterion").fetchone() == (1,)


def test_an_older_word_never_replaces_a_newer_one(store: Connection, match: Match) -> None:
    """Loading last year's file after this year's changes nothing."""
    new = record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12"), modified="2026-01-02T00:00:00Z")
    old = record("CVE-1", nvd_range("a:zlib:zlib", "1.2.0"), modified="2025-01-02T00:00:00Z")
    write(store, new, publish=True)

    assert write(store, old, publish=True) == [Outcome.OLDER]
    assert len(match(OLD_ZLIB).matches) == 1


def test_every_sources_words_stand_side_by_side(tell: Tell, match: Match, store: Connection) -> None:
    """Two sources rate one vulnerability differently: both ratings are kept."""
    low = Rating("3.1", "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.8, "a CNA")
    high = Rating("3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, "nvd@nist.gov")
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12"), ratings=(high,)))
    tell(record("CVE-1", source=Source.CVE, ratings=(low,)))

    (only,) = match(OLD_ZLIB).matches
    known = vulnerabilities(store, [only.vulnerability])[only.vulnerability]

    assert set(known.ratings) == {low, high}
    assert known.sources == (Source.CVE, Source.NVD)
