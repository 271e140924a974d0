"""EPSS and OSV: one file, or one per ecosystem."""

from __future__ import annotations

import gzip

import pytest

from postmarket.sources.interface import Source
from postmarket.sources.sync import Status
from tests.sources.sync.conftest import Lab
from tests.sources.sync.server import Reply, Server


def scores(date: str, more: str = "") -> bytes:
    """A day's EPSS file."""
    text = f"#model_version:v2025.03.14,score_date:{date}T12:55:00Z\ncve,epss,percentile\nCVE-2024-1,0.1,0.9\n{more}"
    return gzip.compress(text.encode(), mtime=0)


def offer(server: Server, date: str) -> None:
    """Today's file, behind the redirect that the current one is."""
    server.in_turn(
        "/epss_scores-current.csv.gz", Reply(status=302, headers={"Location": f"/epss_scores-{date}.csv.gz"})
    )
    server.says(f"/epss_scores-{date}.csv.gz", scores(date))


def test_scores_are_stored_under_their_own_date(lab: Lab, server: Server) -> None:
    """The date is the file's, not the day we asked."""
    offer(server, "2026-10-02")

    came, failed = lab.run(Source.EPSS)

    assert failed == []
    assert [item.path.name for item in came] == ["epss_scores-2026-10-02.csv.gz"]
    assert lab.mark("epss.date") == "2026-10-02"


def test_the_next_day_is_new_and_the_same_day_is_not(lab: Lab, server: Server) -> None:
    """Yesterday's ETag means nothing to today's file."""
    offer(server, "2026-10-02")
    lab.run(Source.EPSS)
    assert [item.status for item in lab.run(Source.EPSS)[0]] == [Status.UNCHANGED]
    offer(server, "2026-10-03")

    came, _ = lab.run(Source.EPSS)

    assert [(item.path.name, item.status) for item in came] == [("epss_scores-2026-10-03.csv.gz", Status.NEW)]
    assert len(list(lab.folder.glob("epss/*"))) == 2


def test_older_scores_are_refused(lab: Lab, server: Server) -> None:
    """A lagging mirror does not turn the clock back."""
    offer(server, "2026-10-02")
    lab.run(Source.EPSS)
    offer(server, "2026-09-30")

    came, failed = lab.run(Source.EPSS)

    assert came == []
    assert "older" in failed[0].why
    assert [path.name for path in lab.folder.glob("epss/*")] == ["epss_scores-2026-10-02.csv.gz"]


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"cve,epss\n"), gzip.compress(b"a" * 10)[:-9], b"\x1f\x8bxxxx", gzip.compress(b"0" * 9**6)],
    ids=["no date", "cut", "no gzip", "large"],
)
def test_scores_without_a_date_are_refused(lab: Lab, server: Server, body: bytes) -> None:
    """One line, and no file is left behind."""
    server.says("/epss_scores-current.csv.gz", body)

    came, failed = lab.run(Source.EPSS)

    assert came == []
    assert len(failed) == 1
    assert list(lab.folder.glob("epss/*")) == []


def test_each_ecosystem_is_one_archive_and_one_failure_stops_no_other(lab: Lab, server: Server) -> None:
    """A space in a name is encoded in the address and safe in the file's name."""
    server.says("/osv/Red%20Hat/all.zip", b"PK\x03\x04red hat")

    came, failed = lab.run(Source.OSV)

    assert [item.path.name for item in came] == ["Red_Hat.zip"]
    assert [item.url for item in failed] == [f"{server.url}/osv/PyPI/all.zip"]


def test_a_hostile_ecosystem_name_stays_in_its_folder(lab: Lab, server: Server) -> None:
    """Names come from configuration, and are treated like any other input."""
    server.says("/osv/..%2F..%2Fx/all.zip", b"PK\x03\x04")

    came, failed = lab.run(Source.OSV, osv_ecosystems=("../../x",))

    assert failed == []
    assert came[0].path.parent == lab.folder / "osv"
