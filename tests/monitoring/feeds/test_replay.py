"""What the worklist was on a day, matched anew from what was kept: as a scan of that day would have said it."""

from __future__ import annotations

import errno
import gzip
import json
import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import zstandard
from django.conf import settings

from postmarket import evidence as files
from postmarket import tasks
from postmarket.accounts.roles import Role
from postmarket.demo import feed_paths, portfolio_path
from postmarket.inventory.models import Component, DeviceVersion
from postmarket.inventory.rules.identity import identity_key
from postmarket.inventory.services.by_hand import HandComponent, add_component, remove_component
from postmarket.inventory.services.importing.portfolio import import_portfolio
from postmarket.inventory.services.sboms.receiving import receive_sbom
from postmarket.inventory.store import store
from postmarket.matching.aliases import builtin
from postmarket.matching.interface import Grade
from postmarket.matching.retirement import told
from postmarket.matching.store.loading import Unwatched, load
from postmarket.monitoring.errors import NothingToReplay, ReplayFailed
from postmarket.monitoring.models import FeedRun
from postmarket.monitoring.queries.criteria import preview
from postmarket.monitoring.queries.replay.replaying import replayed
from postmarket.monitoring.services.criteria import retire
from postmarket.monitoring.services.feeds.closing import settle
from postmarket.monitoring.services.rematching import rematch_portfolio
from postmarket.monitoring.services.supplier_vex import receive_vex
from postmarket.policy.interface import Criticality
from postmarket.policy.pack import Pack
from postmarket.records.models import Entry
from postmarket.sources.interface import Source
from postmarket.worklist.assemble import assemble
from postmarket.worklist.inputs import read_inputs
from postmarket.worklist.interface import Lane, Row
from tests.accounts.builders import person
from tests.inventory.builders import device, manager, version
from tests.inventory.given import LODASH, ZLIB, cyclonedx
from tests.monitoring.feeds.given import NOW, loaded_by_command_line, osv_about

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
THEN, LATER = NOW + DAY, NOW + 3 * DAY
"""A moment at which everything of the first day was done, and one after the second day's."""
CVE = "CVE-2026-0007"


def says(fixed: str, *, at: int = 0, name: str = CVE) -> None:
    """OSV's word on lodash, that many days after the first, by a run that is in the history."""
    when = NOW + at * DAY
    loaded_by_command_line(Source.OSV, osv_about("lodash", fixed=fixed, name=name, at=when), now=when)
    settle(now=when)


def sbom(of: DeviceVersion, *listed: dict[str, object], at: int = 0) -> None:
    """An SBOM, that many days after the first."""
    when = NOW + at * DAY
    receive_sbom(by=manager(), version=of, content=cyclonedx(*listed), file_name="x.json", why="w", now=when)
    tasks.run_due(now=when)


@pytest.fixture
def pump() -> DeviceVersion:
    """A shipped version with lodash 4.17.20."""
    made = version("2.1", of=device("Dosimere 3"), shipped=True)
    sbom(made, LODASH)
    return made


def found(at: object = THEN, *named: str) -> list[tuple[str, str, str]]:
    """The rows of the worklist of then: version, component, vulnerability."""
    with replayed(at, named=named) as replay:  # type: ignore[arg-type]
        rows = replay.worklist.rows
        return [
            (row.device.label, f"{row.component.name} {row.component.version}", row.vulnerability.name) for row in rows
        ]


HIT = [("Dosimere 3 2.1", "lodash 4.17.20", CVE)]


def test_what_a_source_said_then_counts_and_not_what_it_said_later(pump: DeviceVersion) -> None:
    """A range that was corrected two days later."""
    says("4.17.21")
    says("4.17.5", at=2)

    assert found(THEN) == HIT
    assert found(LATER) == []


def test_the_sbom_of_then_counts_and_not_the_one_that_came_later(pump: DeviceVersion) -> None:
    """The version was built anew without it."""
    says("4.17.21")
    sbom(pump, ZLIB, at=2)

    assert found(THEN) == HIT
    assert found(LATER) == []


def test_components_by_hand_count_from_the_day_they_were_entered_to_the_day_they_were_removed() -> None:
    """Also where there is no SBOM at all, which is said."""
    made = version("2.1", of=device("Dosimere 3"), shipped=True)
    says("4.17.21")
    given = HandComponent(name="lodash", version="4.17.20", purl="pkg:npm/lodash@4.17.20")
    add_component(by=manager(), version=made, given=given, why="w", now=NOW + DAY / 2)
    remove_component(by=manager(), component=Component.objects.get(), why="w", now=NOW + 2 * DAY)

    assert found(NOW + DAY / 4) == []
    assert found(THEN) == HIT
    assert found(LATER) == []
    with replayed(THEN) as replay:
        assert replay.without_sbom == ("Dosimere 3 2.1",)


def test_a_criterion_is_retired_and_a_supplier_has_spoken_from_their_day_on(pump: DeviceVersion) -> None:
    """Neither reaches back."""
    says("4.17.21")
    rematch_portfolio(now=NOW)
    vex = {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://quellmar.example/vex/1",
        "author": "Quellmar",
        "timestamp": "2026-11-26T00:00:00Z",
        "version": 1,
        "statements": [
            {
                "vulnerability": {"name": CVE},
                "products": [{"@id": "pkg:npm/lodash@4.17.20"}],
                "status": "not_affected",
                "justification": "vulnerable_code_not_present",
            }
        ],
    }
    analyst = person("Ana Reed", Role.PSIRT_ANALYST)
    receive_vex(by=analyst, content=json.dumps(vex).encode(), file_name="v.json", why="w", now=NOW + 2 * DAY)
    who, mark = person("Jonas Okafor", Role.CYBERSECURITY_LEAD), fingerprint_of(CVE)
    retire(
        by=who,
        source="osv",
        record=CVE,
        fingerprint=mark,
        seen=preview(by=who, source="osv", record=CVE, fingerprint=mark).digest,
        why="Not this lodash.",
        now=NOW + 4 * DAY,
    )

    assert lanes(THEN) == [Lane.WORKLIST]
    assert lanes(LATER) == [Lane.SUPPLIER_NOT_AFFECTED]
    with replayed(NOW + 5 * DAY) as replay:
        (row,) = replay.worklist.rows
        assert row.match.grade is Grade.CONTRADICTED
        assert "Not this lodash." in str(row.match.evidence[0].notes)


def lanes(at: datetime) -> list[Lane]:
    """In which lanes the rows of then stand."""
    with replayed(at) as replay:
        return [row.lane for row in replay.worklist.rows]


def fingerprint_of(record: str) -> str:
    """How the first criterion of OSV's record is known again."""
    where = told(store(), source="osv", record=record)
    assert where is not None
    return where.fingerprint(0)


def test_what_was_not_shipped_then_is_not_in_it(pump: DeviceVersion) -> None:
    """And a version can be asked for by its name."""
    says("4.17.21")
    late = version("2.2", of=pump.device)
    sbom(late, LODASH)

    assert found(THEN) == HIT
    assert found(THEN, "Dosimere 3 2.1") == HIT
    with pytest.raises(NothingToReplay, match=r"Dosimere 3 2\.2 was not shipped by 2026-11-25"):
        found(THEN, "Dosimere 3 2.2")
    with pytest.raises(NothingToReplay, match="No version was shipped by 2026-11-23"):
        found(NOW - DAY)


def test_before_the_first_run_there_is_nothing_to_match_with(pump: DeviceVersion) -> None:
    """It is not said to be free of vulnerabilities."""
    says("4.17.21", at=2)

    with pytest.raises(NothingToReplay, match="No run of a feed was done by"):
        found(THEN)


def test_a_file_that_is_not_kept_any_more_is_named(pump: DeviceVersion) -> None:
    """What it said is missing, and whoever reads it knows."""
    says("4.17.21")
    says("4.17.21", name="CVE-2026-0008")
    sha256 = store().execute("SELECT sha256 FROM feed_file ORDER BY id LIMIT 1").fetchone()[0]
    place = Path(settings.POSTMARKET_HOME) / "evidence" / sha256[:2] / f"{sha256}.zst"
    assert list(files.read(sha256, folder=place.parents[1]))
    place.unlink()

    with replayed(THEN) as replay:
        assert [file.sha256 for file in replay.missing] == [sha256]
        assert [row.vulnerability.name for row in replay.worklist.rows] == ["CVE-2026-0008"]


def test_a_file_that_was_altered_counts_as_not_kept(pump: DeviceVersion) -> None:
    """What another range would say under its name, and what cannot even be unpacked."""
    says("4.17.21")
    (sha256,) = store().execute("SELECT sha256 FROM feed_file").fetchone()
    place = Path(settings.POSTMARKET_HOME) / "evidence" / sha256[:2] / f"{sha256}.zst"

    for content in (zstandard.compress(osv_about("lodash", fixed="4.17.5", name=CVE)), b"not even packed"):
        place.chmod(0o600)
        place.write_bytes(content)
        with replayed(THEN) as replay:
            assert [file.sha256 for file in replay.missing] == [sha256]
            assert replay.worklist.rows == ()


def test_logs_that_are_gone_are_not_taken_for_runs_that_never_were(pump: DeviceVersion) -> None:
    """Nobody is told that nothing had been heard."""
    says("4.17.21")
    log = FeedRun.objects.get().log_id
    (Path(settings.POSTMARKET_HOME) / "evidence" / str(log)[:2] / f"{log}.zst").unlink()

    with pytest.raises(NothingToReplay, match="the log is not kept as it came") as failed:
        found()
    assert failed.value.where.startswith("log of a run of osv")


def test_what_an_interrupted_run_had_read_counts_once_the_next_has_published_it(pump: DeviceVersion) -> None:
    """The next does not read it again, so its log alone names it."""
    folder = Path(settings.POSTMARKET_HOME) / "brought"
    folder.mkdir()
    paths = []
    for number, name in enumerate(("CVE-2026-0007", "CVE-2026-0008")):
        paths.append(folder / f"{number}.json")
        paths[-1].write_bytes(osv_about("lodash", fixed="4.17.21", name=name))

    class Stopped(Exception):
        """Somebody stops the worker."""

    class Stopping(Unwatched):
        def reading(self, name: str, done: int) -> None:
            if name.endswith("1.json"):
                raise Stopped

    home = Path(settings.POSTMARKET_HOME)
    with pytest.raises(Stopped):
        load(store(), Source.OSV, paths, home=home, clock=lambda: NOW, progress=Stopping())
    settle(now=NOW)
    with pytest.raises(NothingToReplay, match="No run of a feed"):
        found()
    load(store(), Source.OSV, paths, home=home, clock=lambda: NOW)
    settle(now=NOW)

    assert sorted(name for _, _, name in found()) == ["CVE-2026-0007", "CVE-2026-0008"]


def test_an_older_day_of_epss_does_not_replace_a_newer_one(pump: DeviceVersion) -> None:
    """Whenever its file came."""
    says("4.17.21")
    for at, day, probability in ((0, "2026-11-23", 0.9), (1, "2026-10-01", 0.1)):
        path = Path(settings.POSTMARKET_HOME) / f"{day}.csv.gz"
        path.write_bytes(
            gzip.compress(
                f"#model_version:v1,score_date:{day}T00:00:00+0000\ncve,epss,percentile\n{CVE},{probability},0.5\n".encode()
            )
        )
        when = NOW + at * DAY / 4
        load(store(), Source.EPSS, [path], home=Path(settings.POSTMARKET_HOME), clock=partial(when.astimezone, UTC))
        settle(now=when)

    with replayed(THEN) as replay:
        (row,) = replay.worklist.rows
        assert row.vulnerability.epss is not None
        assert row.vulnerability.epss.probability == 0.9


def test_no_room_to_load_is_said_with_the_way_out(pump: DeviceVersion) -> None:
    """It is not taken for evidence that is gone, nor for a damaged store."""
    says("4.17.21")

    class Full(Unwatched):
        def total(self, size: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(ReplayFailed, match="No space left on device") as failed, replayed(THEN, progress=Full()):
        pass
    assert "TMPDIR" in failed.value.next_step


def test_it_changes_nothing(pump: DeviceVersion) -> None:
    """Neither records nor the site's own store."""
    says("4.17.21")
    before = (Entry.objects.count(), FeedRun.objects.count(), store().execute("SELECT * FROM feed_run").fetchall())

    found()

    assert before == (
        Entry.objects.count(),
        FeedRun.objects.count(),
        store().execute("SELECT * FROM feed_run").fetchall(),
    )


def of_row(row: Row) -> tuple[object, ...]:
    """Everything of a row that does not name a row of a store."""
    return (
        row.device.label,
        identity_key(row.component),
        row.vulnerability.name,
        row.lane,
        row.match.grade,
        [(one.rung, one.confidence, one.name, one.version, one.position, one.notes) for one in row.match.evidence],
        row.role,
        row.ranking.priority,
        row.ranking.reason,
        row.score.score.value if row.score.score else None,
        row.vulnerability.kev.added if row.vulnerability.kev else None,
        row.vulnerability.epss.probability if row.vulnerability.epss else None,
    )


def test_the_example_manufacturer_is_found_again_as_a_scan_finds_it(pack: Pack) -> None:
    """Every row of every device, in the same order, from the kept files alone."""
    import_portfolio(by=manager(), path=portfolio_path(), pack=pack, why="Example.", now=NOW)
    for source, paths in feed_paths().items():
        load(store(), Source(source), paths, home=Path(settings.POSTMARKET_HOME), clock=lambda: NOW)
    settle(now=NOW)
    inputs = read_inputs((portfolio_path(),), criticality=Criticality.UNKNOWN, pack=pack, now=THEN)
    scanned = assemble(
        store(), inputs.devices, aliases=builtin(), pack=pack, now=THEN, aware=THEN, aware_basis="the scan"
    )

    with replayed(THEN) as replay:
        assert sorted(map(of_row, replay.worklist.rows), key=str) == sorted(map(of_row, scanned.rows), key=str)
        assert len(replay.worklist.rows) > 200
        assert not replay.missing
