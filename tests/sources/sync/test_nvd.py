"""NVD: yearly feeds with their hashes, then windows of the API, page by page, whatever interrupts."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pytest

from postmarket.sources.interface import Source
from postmarket.sources.sync import Fetched, FetchFailed, SyncState
from postmarket.sources.sync.state import Watermark
from tests.sources.sync.conftest import NOW, Lab
from tests.sources.sync.server import Reply, Request, Server


def offer_feed(server: Server, year: int, *, modified: str = "2026-10-01T03:00:00-04:00", wrong: bool = False) -> None:
    """Publish one year's feed and its .meta, with upper-case hash as NVD writes it."""
    body = json.dumps({"format": "NVD_CVE", "vulnerabilities": [{"cve": {"id": f"CVE-{year}-0001"}}]}).encode()
    sha256 = hashlib.sha256(b"other" if wrong else body).hexdigest().upper()
    packed = gzip.compress(body, mtime=0)
    meta = (
        f"lastModifiedDate:{modified}\r\nsize:{len(body)}\r\nzipSize:1\r\ngzSize:{len(packed)}\r\nsha256:{sha256}\r\n"
    )
    server.says(f"/feeds/nvdcve-2.0-{year}.json.gz", packed)
    server.says(f"/feeds/nvdcve-2.0-{year}.meta", meta.encode())


@dataclass
class Api:
    """NVD's API over records with a time; `after_page` may change them between pages."""

    records: dict[str, datetime]
    after_page: Callable[[int], None] = lambda number: None
    most: int = 2000
    pages: int = 0

    def __call__(self, request: Request) -> Reply:
        """One page, in order of id, as the API sorts by default by a time that does not change."""
        query = request.query
        start, end = (datetime.fromisoformat(query[f"lastMod{side}Date"]) for side in ("Start", "End"))
        if end - start > timedelta(days=120) or start > end:
            return Reply(status=404, headers={"message": "The maximum allowable range is 120 consecutive days."})
        found = sorted(name for name, at in self.records.items() if start <= at <= end)
        first, size = int(query["startIndex"]), min(self.most, int(query["resultsPerPage"]))
        page = found[first : first + size]
        self.pages += 1
        self.after_page(self.pages)
        body = {
            "resultsPerPage": len(page),
            "startIndex": first,
            "totalResults": len(found),
            "format": "NVD_CVE",
            "vulnerabilities": [{"cve": {"id": name}} for name in page],
        }
        return Reply(json.dumps(body).encode())


def ids(items: list[Fetched]) -> list[str]:
    """The CVEs in the fetched pages, in order."""
    return [
        entry["cve"]["id"]
        for item in items
        for entry in json.loads(
            gzip.decompress(item.path.read_bytes()) if item.path.suffix == ".gz" else item.path.read_bytes()
        )["vulnerabilities"]
    ]


def names(number: int) -> Iterator[str]:
    """So many CVE ids, sorted."""
    return (f"CVE-2026-{index:06}" for index in range(number))


@pytest.fixture
def marked(lab: Lab) -> Lab:
    """A lab whose feeds came long ago: only the API is asked, from 2026-09-03 on."""
    with SyncState(lab.folder) as state:
        state.record(Watermark("nvd", "2026-09-03T12:00:00Z"))
    return lab


def requests(server: Server, path: str = "/api") -> list[Request]:
    """The requests to the API."""
    return [request for request in server.asked if request.path.startswith(path)]


def test_the_first_run_fetches_every_year_and_then_what_changed_since(lab: Lab, server: Server) -> None:
    """Feeds from 2002 on, checked; the API from the oldest feed's time minus an hour until now."""
    for year in range(2002, 2027):
        offer_feed(server, year, modified="2026-09-20T03:00:00-04:00" if year == 2010 else "2026-10-02T03:00:00-04:00")
    server.routes["/api"] = Api({"CVE-2026-7": NOW - timedelta(days=5)})

    came, failed = lab.run(Source.NVD)

    assert failed == []
    assert ids(came) == [*(f"CVE-{year}-0001" for year in range(2002, 2027)), "CVE-2026-7"]
    assert [request.query["lastModStartDate"] for request in requests(server)] == ["2026-09-20T06:00:00.000+00:00"]
    assert [request.query["lastModEndDate"] for request in requests(server)] == ["2026-10-03T12:00:00.000+00:00"]
    assert "%2B00%3A00" in requests(server)[0].path
    assert lab.mark("nvd") == "2026-10-03T12:00:00Z"


def test_a_year_that_fails_is_the_only_one_asked_again(lab: Lab, server: Server) -> None:
    """The others came; the watermark waits; the next run completes it."""
    for year in range(2002, 2027):
        offer_feed(server, year, wrong=year == 2015)
    server.routes["/api"] = Api({})

    came, failed = lab.run(Source.NVD)

    assert len(came) == 24
    assert len(failed) == 1
    assert "2015" in failed[0].url
    assert "SHA-256" in failed[0].why
    assert not list(lab.folder.glob("nvd/*2015*"))
    assert lab.mark("nvd") == ""
    offer_feed(server, 2015)
    server.asked.clear()

    came, failed = lab.run(Source.NVD)

    assert failed == []
    assert ids(came)[0] == "CVE-2015-0001"
    assert [path for path in server.paths if path.startswith("/feeds")] == [
        "/feeds/nvdcve-2.0-2015.meta",
        "/feeds/nvdcve-2.0-2015.json.gz",
    ]
    assert lab.mark("nvd") == "2026-10-03T12:00:00Z"


def test_a_feed_renewed_between_meta_and_file_is_asked_for_once_more(lab: Lab, server: Server) -> None:
    """Two files cannot change at the same moment; one second look settles it."""
    for year in range(2002, 2027):
        offer_feed(server, year)
    fresh = server.routes["/feeds/nvdcve-2.0-2020.meta"]
    server.in_turn(
        "/feeds/nvdcve-2.0-2020.meta",
        Reply(b"lastModifiedDate:2026-09-30T03:00:00-04:00\nsha256:" + b"0" * 64),
        fresh,
    )
    server.routes["/api"] = Api({})

    came, failed = lab.run(Source.NVD)

    assert failed == []
    assert "CVE-2020-0001" in ids(came)


def test_a_year_that_is_not_published_yet_is_no_failure(lab: Lab, server: Server) -> None:
    """On New Year's Day the feed of the year may be missing; a missing older one is a failure."""
    for year in range(2002, 2026):
        offer_feed(server, year, modified="2025-12-31T03:00:00-05:00")
    server.routes["/api"] = Api({})
    lab.now = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)

    _, failed = lab.run(Source.NVD)

    assert failed == []
    assert "2026" in lab.notes.lines[0]
    assert lab.mark("nvd") == "2026-01-01T00:30:00Z"


@pytest.mark.parametrize(
    "meta", [b"", b"<html>", b"sha256:abc\nlastModifiedDate:2026-01-01T00:00:00Z", b"sha256:" + b"0" * 64, b"\xff\x00:"]
)
def test_a_meta_that_is_none_fails_its_year_only(lab: Lab, server: Server, meta: bytes) -> None:
    """Nothing unverified is used."""
    for year in range(2002, 2027):
        offer_feed(server, year)
    server.says("/feeds/nvdcve-2.0-2026.meta", meta)

    came, failed = lab.run(Source.NVD)

    assert len(came) == 24
    assert [item.url for item in failed] == [f"{server.url}/feeds/nvdcve-2.0-2026.meta"]


def test_a_long_absence_is_cut_into_windows_of_120_days(lab: Lab, server: Server) -> None:
    """300 days are three windows, each beginning an hour before the last one's end; nothing falls between."""
    with SyncState(lab.folder) as state:
        state.record(Watermark("nvd", "2025-12-07T12:00:00Z"))
    records = dict(zip(names(301), (NOW - timedelta(days=day) for day in range(300, -1, -1)), strict=True))
    server.routes["/api"] = Api(records)

    came, failed = lab.run(Source.NVD)

    assert failed == []
    assert set(ids(came)) == set(records)
    spans = [(request.query["lastModStartDate"], request.query["lastModEndDate"]) for request in requests(server)]
    assert len(spans) == 3
    for (_, end), (start, _) in pairwise(spans):
        assert datetime.fromisoformat(end) - datetime.fromisoformat(start) == timedelta(hours=1)


def test_a_killed_run_asks_for_no_page_twice_and_loses_none(marked: Lab, server: Server) -> None:
    """Killed after each page in turn, all runs together make each request once."""
    records = dict.fromkeys(names(9000), NOW - timedelta(days=1))
    server.routes["/api"] = Api(records)
    got: list[Fetched] = []
    for _ in count():
        last = marked.take(Source.NVD, 1 if not got else 2)
        got += [item for item in last if isinstance(item, Fetched)]
        if marked.mark("nvd") == "2026-10-03T12:00:00Z":
            break
        assert len(got) < 20

    assert set(ids(got)) == set(records)
    assert sorted(server.paths) == sorted(set(server.paths))
    assert len(server.paths) == 5
    assert [item.path.name for item in marked.run(Source.NVD)[0]] == [got[-1].path.name]


def test_the_watermark_waits_for_the_last_page(marked: Lab, server: Server) -> None:
    """A server that dies in the middle leaves the window open, and the next run goes on in it."""
    api = Api(dict.fromkeys(names(5000), NOW - timedelta(days=1)))
    server.in_turn("/api", api, *[Reply(status=503)] * 4, api)

    came, failed = marked.run(Source.NVD)

    assert [len(came), len(failed)] == [1, 1]
    assert marked.mark("nvd") == "2026-09-03T12:00:00Z"
    marked.now = NOW + timedelta(days=2)

    again, failed = marked.run(Source.NVD)

    assert failed == []
    assert set(ids(came + again)) == set(names(5000))
    ends = [request.query["lastModEndDate"] for request in requests(server)[5:]]
    assert ends == ["2026-10-03T12:00:00.000+00:00"] * 2 + ["2026-10-05T12:00:00.000+00:00"]


def test_records_that_leave_the_window_while_paging_hide_no_others(marked: Lab, server: Server) -> None:
    """NVD changes 700 records of the first page before the second is asked for: the rest still all come."""
    records = dict.fromkeys(names(6000), NOW - timedelta(days=1))
    moved = list(names(700))

    def change(number: int) -> None:
        if number == 1:
            records.update(dict.fromkeys(moved, NOW + timedelta(minutes=1)))

    server.routes["/api"] = Api(records, change)

    came, failed = marked.run(Source.NVD)

    assert failed == []
    assert set(ids(came)) == set(names(6000))


def test_a_server_that_gives_smaller_pages_is_followed(marked: Lab, server: Server) -> None:
    """The next page begins where this one ended, not where it should have."""
    server.routes["/api"] = Api(dict.fromkeys(names(1200), NOW - timedelta(days=1)), most=500)

    came, _ = marked.run(Source.NVD)

    assert ids(came) == list(names(1200))


def test_the_rate_without_a_key_is_five_in_thirty_seconds(marked: Lab, server: Server) -> None:
    """Twelve pages wait twice; a retry counts as a request."""
    server.routes["/api"] = Api(dict.fromkeys(names(24000), NOW - timedelta(days=1)))

    marked.run(Source.NVD)

    assert len(server.asked) == 12
    assert marked.clock.slept == [30.0, 30.0]


def test_with_a_key_it_is_fifty_and_the_key_is_sent(marked: Lab, server: Server) -> None:
    """The key travels in the header NVD names, and only there."""
    marked.options = replace(marked.options, nvd_api_key="key-1")
    server.routes["/api"] = Api(dict.fromkeys(names(24000), NOW - timedelta(days=1)))

    came, _ = marked.run(Source.NVD)

    assert marked.clock.slept == []
    assert {request.header("apiKey") for request in server.asked} == {"key-1"}
    assert "key-1" not in repr(came)
    assert all("key-1" not in path for path in server.paths)


def test_the_key_does_not_follow_a_redirect_to_another_server(marked: Lab, server: Server) -> None:
    """Another host, even another port, never sees it."""
    other = Server()
    other.routes["/api"] = Api({})
    server.routes["/api"] = lambda request: Reply(
        status=307, headers={"Location": request.path.replace("/api", f"{other.url}/api")}
    )
    marked.options = replace(marked.options, nvd_api_key="key-1")

    _, failed = marked.run(Source.NVD)
    other.close()

    assert failed == []
    assert [request.header("apiKey") for request in other.asked] == [""]


def test_throttling_is_waited_out(marked: Lab, server: Server) -> None:
    """NVD says 403 when it is asked too often: that passes."""
    server.in_turn("/api", Reply(status=403), Api({"CVE-2026-1": NOW - timedelta(days=1)}))

    came, failed = marked.run(Source.NVD)

    assert failed == []
    assert ids(came) == ["CVE-2026-1"]


def test_a_wrong_key_is_named(marked: Lab, server: Server) -> None:
    """NVD answers it with 404 and a header; both reach the person."""
    server.in_turn("/api", Reply(status=404, headers={"message": "Invalid apiKey."}))

    _, failed = marked.run(Source.NVD)

    assert "Invalid apiKey." in failed[0].why
    assert "NVD_API_KEY" in failed[0].next_step


@pytest.mark.parametrize("key", ["käse", "a\nb", "a\x00b"])
def test_a_key_that_cannot_be_sent_is_refused(marked: Lab, key: str) -> None:
    """Before any request."""
    marked.options = replace(marked.options, nvd_api_key=key)

    _, failed = marked.run(Source.NVD)

    assert failed[0].url == "NVD_API_KEY"
    assert key not in failed[0].why


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"startIndex":0,"totalResults":5,"vulnerabilities":[]}',
        b'{"startIndex":2000,"totalResults":1,"vulnerabilities":[{}]}',
        b'{"startIndex":0,"totalResults":-1,"vulnerabilities":[]}',
        b'{"startIndex":0,"totalResults":1,"vulnerabilities":[{}',
        b'{"startIndex":0,"totalResults":1e99,"vulnerabilities":[{}]}',
        b'{"message":"\xff"}',
    ],
)
def test_a_page_that_is_none_stops_the_window_and_stores_nothing(marked: Lab, server: Server, body: bytes) -> None:
    """The watermark stays, no file stays, one line says why."""
    server.in_turn("/api", Reply(body))

    came, failed = marked.run(Source.NVD)

    assert came == []
    assert len(failed) == 1
    assert marked.mark("nvd") == "2026-09-03T12:00:00Z"
    assert list(lab_files(marked)) == []


def lab_files(lab: Lab) -> Iterator[str]:
    """The files of NVD on disk."""
    return (path.name for path in lab.folder.glob("nvd/*"))


def test_totals_that_never_end_do_not_page_for_ever(marked: Lab, server: Server) -> None:
    """A server whose total shrinks at every page is left after a while."""
    left = count(100_000, -1)

    def shrinking(request: Request) -> Reply:
        start = int(request.query["startIndex"])
        return Reply(
            json.dumps({"startIndex": start, "totalResults": next(left), "vulnerabilities": [{}] * 2000}).encode()
        )

    server.routes["/api"] = shrinking

    _, failed = marked.run(Source.NVD)

    assert len(failed) == 1
    assert "do not come to an end" in failed[0].why
    assert len(server.asked) < 200


def test_a_page_deleted_before_it_was_loaded_is_not_passed_over(marked: Lab, server: Server) -> None:
    """Its watermark has moved, so the loss is told with the way out."""
    server.routes["/api"] = Api({"CVE-2026-1": NOW - timedelta(days=1)})
    first = marked.take(Source.NVD, 1)[0]
    assert isinstance(first, Fetched)
    first.path.unlink()

    _, failed = marked.run(Source.NVD)

    assert isinstance(failed[0], FetchFailed)
    assert "sync-state.jsonl" in failed[0].next_step


def test_asking_twice_in_the_same_second_asks_nothing(marked: Lab, server: Server) -> None:
    """A window without length is none."""
    server.routes["/api"] = Api({})
    marked.run(Source.NVD)
    server.asked.clear()

    came, failed = marked.run(Source.NVD)

    assert (came, failed, server.paths) == ([], [], [])
