"""The CVE List: a baseline, then whole days, then the newest hour; by file name, never by tag."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from postmarket.sources.interface import Source
from postmarket.sources.sync import Fetched
from tests.builders import zip_of
from tests.sources.sync.conftest import Lab
from tests.sources.sync.server import Reply, Request, Server

RECORDS = zip_of({"cves/2026/0xxx/CVE-2026-0001.json": b"{}"})


@dataclass
class GitHub:
    """The releases of cvelistV5, newest first; each is a tag and its files."""

    server: Server
    releases: list[tuple[str, list[str]]] = field(default_factory=list)
    page_size: int = 100

    def __post_init__(self) -> None:
        """Play the list."""
        self.server.routes["/releases"] = self.answer

    def release(self, tag: str, *names: str) -> None:
        """Publish a release before all others."""
        for name in names:
            body = zip_of({"cves.zip": RECORDS}) if name.endswith(".zip.zip") else zip_of({name: b"{}"})
            self.server.says(f"/download/{tag}/{name}", body)
        self.releases.insert(0, (tag, list(names)))

    def hour(self, day: str, at: str, *, baseline: bool = True) -> None:
        """An hourly release as they are."""
        names = [f"{day}_delta_CVEs_at_{at}.zip"]
        if baseline:
            names.append(f"{day}_all_CVEs_at_midnight.zip.zip")
        self.release(f"cve_{day}_{at}", *names)

    def end(self, day: str) -> None:
        """The release that closes a day."""
        self.release(f"cve_{day}_at_end_of_day", f"{day}_delta_CVEs_at_end_of_day.zip")

    def answer(self, request: Request) -> Reply:
        """One page of the list."""
        first = (int(request.query["page"]) - 1) * self.page_size
        page = [
            {
                "tag_name": tag,
                "assets": [
                    {"name": name, "browser_download_url": f"{self.server.url}/download/{tag}/{name}"} for name in names
                ],
            }
            for tag, names in self.releases[first : first + self.page_size]
        ]
        return Reply(json.dumps(page).encode())

    def downloads(self) -> list[str]:
        """The files that were asked for."""
        return [path.rpartition("/")[2] for path in self.server.paths if path.startswith("/download/")]


@pytest.fixture
def github(server: Server) -> GitHub:
    """The list on the afternoon of 3 October."""
    github = GitHub(server)
    github.end("2026-10-01")
    github.hour("2026-10-02", "0900Z")
    github.end("2026-10-02")
    github.hour("2026-10-03", "0000Z")
    github.hour("2026-10-03", "1100Z")
    return github


def test_the_first_run_takes_the_newest_baseline_and_the_newest_hour(lab: Lab, github: GitHub) -> None:
    """The zip around the zip is taken off, for readers see one archive; the hour is cumulative."""
    came, failed = lab.run(Source.CVE)

    assert failed == []
    assert [item.path.name for item in came] == ["2026-10-03_all_CVEs.zip", "2026-10-03_delta_CVEs_at_1100Z.zip"]
    assert came[0].path.read_bytes() == RECORDS
    assert sorted(path.name for path in came[0].path.parent.iterdir()) == [item.path.name for item in came]


def test_nothing_new_asks_for_the_list_only(lab: Lab, github: GitHub) -> None:
    """The same hour is not fetched twice."""
    lab.run(Source.CVE)
    github.server.asked.clear()

    came, failed = lab.run(Source.CVE)

    assert (came, failed) == ([], [])
    assert github.downloads() == []


def test_later_runs_take_deltas(lab: Lab, github: GitHub) -> None:
    """First the next hour; two days later the rest of the day, the whole next one, and the newest hour."""
    lab.run(Source.CVE)
    github.hour("2026-10-03", "1200Z")
    came, _ = lab.run(Source.CVE)
    assert [item.path.name for item in came] == ["2026-10-03_delta_CVEs_at_1200Z.zip"]
    github.end("2026-10-03")
    github.end("2026-10-04")
    github.hour("2026-10-05", "0700Z")

    came, failed = lab.run(Source.CVE)

    assert failed == []
    assert [item.path.name for item in came] == [
        "2026-10-03_delta_CVEs_at_end_of_day.zip",
        "2026-10-04_delta_CVEs_at_end_of_day.zip",
        "2026-10-05_delta_CVEs_at_0700Z.zip",
    ]


def test_files_are_found_by_their_names_whatever_the_tag(lab: Lab, github: GitHub) -> None:
    """Just after midnight a release carries the name of the day before."""
    lab.run(Source.CVE)
    github.release("cve_2026-10-04_0000Z", "2026-10-03_delta_CVEs_at_end_of_day.zip", "release_notes.md")
    github.release("cve_2026-10-04_0100Z", "2026-10-04_delta_CVEs_at_0100Z.zip", "2026-99-99_delta_CVEs_at_0100Z.zip")

    came, failed = lab.run(Source.CVE)

    assert failed == []
    assert [item.path.name for item in came] == [
        "2026-10-03_delta_CVEs_at_end_of_day.zip",
        "2026-10-04_delta_CVEs_at_0100Z.zip",
    ]


def test_a_day_is_not_left_before_it_is_whole(lab: Lab, github: GitHub) -> None:
    """While yesterday's last delta is awaited, its newest hour is taken, and today waits."""
    lab.run(Source.CVE)
    github.hour("2026-10-03", "2300Z")
    github.hour("2026-10-04", "0000Z")

    came, _ = lab.run(Source.CVE)
    assert [item.path.name for item in came] == ["2026-10-03_delta_CVEs_at_2300Z.zip"]
    github.end("2026-10-03")

    came, _ = lab.run(Source.CVE)
    assert [item.path.name for item in came] == [
        "2026-10-03_delta_CVEs_at_end_of_day.zip",
        "2026-10-04_delta_CVEs_at_0000Z.zip",
    ]


def test_a_gap_in_the_deltas_takes_a_new_baseline(lab: Lab, github: GitHub) -> None:
    """After a long absence, when a day is no longer listed, all of it comes anew, and it is said."""
    lab.run(Source.CVE)
    github.releases.clear()
    github.end("2026-12-01")
    github.hour("2026-12-02", "0500Z")

    came, failed = lab.run(Source.CVE)

    assert failed == []
    assert [item.path.name for item in came] == ["2026-12-02_all_CVEs.zip", "2026-12-02_delta_CVEs_at_0500Z.zip"]
    assert "2026-10-03" in lab.notes.lines[0]


def test_a_delta_that_fails_stops_the_chain(lab: Lab, github: GitHub) -> None:
    """No later delta goes before a missing one; the next run begins with it."""
    lab.run(Source.CVE)
    github.end("2026-10-03")
    github.end("2026-10-04")
    github.hour("2026-10-05", "0700Z")
    path = "/download/cve_2026-10-04_at_end_of_day/2026-10-04_delta_CVEs_at_end_of_day.zip"
    good = github.server.routes[path]
    github.server.in_turn(path, Reply(status=404))

    came, failed = lab.run(Source.CVE)
    assert [len(came), len(failed)] == [1, 1]
    github.server.routes[path] = good

    came, failed = lab.run(Source.CVE)
    assert failed == []
    assert [item.path.name[:10] for item in came] == ["2026-10-04", "2026-10-05"]


def test_killed_after_each_file_nothing_is_fetched_twice(lab: Lab, github: GitHub) -> None:
    """Every download is asked for once over all runs together."""
    github.end("2026-10-03")
    github.hour("2026-10-04", "0500Z")
    got: list[str] = []
    for number in range(6):
        for item in lab.take(Source.CVE, 1) if number == 0 else lab.run(Source.CVE)[0][:1]:
            assert isinstance(item, Fetched)
            got.append(item.path.name)

    assert len(github.downloads()) == len(set(github.downloads()))
    assert got[0] == got[1]


def test_the_list_is_read_back_as_far_as_needed(lab: Lab, github: GitHub) -> None:
    """Page after page, until a day before the watermark is seen."""
    lab.run(Source.CVE)
    github.page_size = 1
    github.end("2026-10-03")
    github.hour("2026-10-04", "0500Z")
    github.server.asked.clear()

    lab.run(Source.CVE)

    pages = [path for path in github.server.paths if path.startswith("/releases")]
    assert len(pages) == 5


@pytest.mark.parametrize("body", [b"{}", b"[{]", b'[{"assets":[{"name":1}]}]', b"\xff", b"[]"])
def test_a_list_that_is_none_is_one_line(lab: Lab, server: Server, body: bytes) -> None:
    """No files, one failure, the next step."""
    server.in_turn("/releases", Reply(body))

    came, failed = lab.run(Source.CVE)

    assert came == []
    assert len(failed) == 1
    assert failed[0].next_step


@pytest.mark.parametrize(
    "broken",
    [
        zip_of({"cves.zip": RECORDS})[:-30],
        b"PK\x03\x04nonsense",
        zip_of({"cves.zip": b"<html>no zip</html>"}),
    ],
)
def test_a_broken_baseline_leaves_nothing_behind(lab: Lab, github: GitHub, broken: bytes) -> None:
    """It is refused in one line, and the next run fetches it anew."""
    path = "/download/cve_2026-10-03_1100Z/2026-10-03_all_CVEs_at_midnight.zip.zip"
    good = github.server.routes[path]
    github.server.says(path, broken)

    came, failed = lab.run(Source.CVE)

    assert came == []
    assert "cannot be unpacked" in failed[0].why
    assert list(lab.folder.glob("cve/*")) == []
    github.server.routes[path] = good
    assert lab.run(Source.CVE)[1] == []


def test_a_baseline_without_the_outer_zip_is_taken_as_it_is(lab: Lab, server: Server) -> None:
    """The doubled wrapping is an accident of theirs that may end any day."""
    github = GitHub(server)
    github.hour("2026-10-03", "1100Z", baseline=False)
    github.release("cve_2026-10-03_1200Z", "2026-10-03_all_CVEs_at_midnight.zip")
    server.says("/download/cve_2026-10-03_1200Z/2026-10-03_all_CVEs_at_midnight.zip", RECORDS)

    came, failed = lab.run(Source.CVE)

    assert failed == []
    assert came[0].path.name == "2026-10-03_all_CVEs.zip"
    assert came[0].path.read_bytes() == RECORDS
