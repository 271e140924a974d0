"""`postmarket feeds`: load, say what came, survive what is broken, go on after a kill."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from postmarket.sources.sync import ClientOptions
from tests.builders import zip_of
from tests.cli.conftest import Run, start
from tests.cli.files import SBOM, kev, nvd, put, zlib_cve
from tests.sources.sync.server import Server

SOURCES = ["nvd", "cve", "kev", "epss", "osv", "csaf"]
PATIENCE_SECONDS = 30


def states(run: Run) -> dict[str, dict[str, object]]:
    """What `feeds status --json` says, by source."""
    ran = run("feeds", "status", "--json")
    assert (ran.code, ran.err) == (0, "")
    return {item["source"]: item for item in json.loads(ran.out)}


def test_load_says_what_came(run: Run, tmp_path: Path) -> None:
    """One line, nothing on standard error; a second time there is nothing to do."""
    feed = put(tmp_path / "nvd.json", nvd(zlib_cve("CVE-2026-1001"), zlib_cve("CVE-2026-1002")))

    first, again = run("feeds", "load", "nvd", feed), run("feeds", "load", "nvd", feed)

    assert (first.code, first.err) == (0, "")
    assert first.out == "nvd: 2 added, 0 changed, 0 unchanged, 0 refused (1 files)\n"
    assert again.out == "nvd: 0 added, 0 changed, 0 unchanged, 0 refused (0 files, 1 files already loaded)\n"


def test_load_takes_folders_and_packed_files(run: Run, tmp_path: Path) -> None:
    """A folder with a plain and a packed page, and a changed record in the second."""
    put(tmp_path / "feeds" / "1.json", nvd(zlib_cve("CVE-2026-1001")))
    newer = {**zlib_cve("CVE-2026-1001", below="1.3"), "lastModified": "2026-11-20T00:00:00.000"}
    put(tmp_path / "feeds" / "2.json.gz", gzip.compress(nvd(newer, zlib_cve("CVE-2026-1002"))))

    ran = run("feeds", "load", "nvd", tmp_path / "feeds")

    assert (ran.code, ran.out) == (0, "nvd: 2 added, 1 changed, 0 unchanged, 0 refused (2 files)\n")


def test_load_in_json(run: Run, tmp_path: Path) -> None:
    """Counts, and every refusal with its place."""
    put(tmp_path / "feeds" / "good.json", kev("CVE-2026-1001"))
    put(tmp_path / "feeds" / "bad.json", b'{"vulnerabilities": [')

    ran = run("feeds", "load", "kev", tmp_path / "feeds", "--json")

    found = json.loads(ran.out)
    assert (ran.code, ran.err) == (3, "")
    assert (found["source"], found["items"], found["outcomes"]["added"], found["refused"]) == ("kev", 1, 1, 1)
    assert found["data_as_of"] == "2026-11-10"
    assert "bad.json" in found["refusals"][0]["where"]
    assert found["refusals"][0]["why"]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"not a feed",
        b"\xff\xfe\x00\x01",
        b"[" * 10_000,
        b'{"vulnerabilities": [NaN]}',
        b"\x1f\x8b\x08broken gzip",
        b"PK\x03\x04broken zip",
    ],
)
def test_what_is_no_feed_is_refused_in_one_line(loaded: Run, tmp_path: Path, source: str, content: bytes) -> None:
    """Counted, named, exit 3; what was loaded before is as it was."""
    bad = put(tmp_path / f"bad.{'csv' if source == 'epss' else 'json'}", content)
    device = put(tmp_path / "device.json", SBOM)
    before = loaded("scan", device, "-f", "csv").out

    ran = loaded("feeds", "load", source, bad)

    assert ran.code == 3, ran
    assert "1 refused" in ran.out
    (line,) = ran.err.splitlines()
    assert line.startswith("  refused ")
    assert "bad." in line
    assert line.isprintable()
    assert loaded("scan", device, "-f", "csv").out == before


def test_bad_records_are_counted_and_the_others_loaded(run: Run, tmp_path: Path) -> None:
    """Two of four are no CVE; the first ten refusals are named, and where the rest is."""
    broken: list[dict[str, object]] = [{**zlib_cve("x"), "id": f"no CVE {at}"} for at in range(12)]
    feed = put(tmp_path / "nvd.json", nvd(zlib_cve("CVE-2026-1001"), *broken, zlib_cve("CVE-2026-1002")))

    ran = run("feeds", "load", "nvd", feed)

    lines = ran.err.splitlines()
    assert (ran.code, ran.out) == (3, "nvd: 2 added, 0 changed, 0 unchanged, 12 refused (1 files)\n")
    assert len(lines) == 11
    assert "nvd.json: item 2" in lines[0]
    assert "… and 2 more: postmarket feeds status --json" in lines[-1]
    assert len(states(run)["nvd"]["refusals"]) == 12  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "content", "said"),
    [
        (
            "kev",
            nvd(*(zlib_cve(f"CVE-2026-{number}") for number in range(1000, 1100))),
            "postmarket feeds load nvd PATH",
        ),
        ("nvd", kev("CVE-2026-1001", "CVE-2026-1002"), "postmarket feeds load kev PATH"),
        ("nvd", b"#model_version:v1,score_date:2026-11-20T00:00:00Z\ncve,epss,percentile\n", "load epss PATH"),
        ("nvd", SBOM, "postmarket scan PATH"),
    ],
)
def test_a_file_of_another_source_is_refused_once(
    run: Run, tmp_path: Path, source: str, content: bytes | str, said: str
) -> None:
    """It says what the file looks like and which command is meant; nothing counts as loaded."""
    packed = gzip.compress(content.encode() if isinstance(content, str) else content)

    ran = run("feeds", "load", source, put(tmp_path / "feed.gz", packed))

    assert (ran.code, ran.out) == (3, f"{source}: 0 added, 0 changed, 0 unchanged, 1 refused (1 files)\n")
    (line,) = ran.err.splitlines()
    assert "this looks like" in line
    assert said in line
    assert states(run)[source]["last_state"] == "failed"


def test_an_archive_without_a_file_of_the_source_is_refused(run: Run, tmp_path: Path) -> None:
    """Nothing in it was read, so "0 added" alone would say that all is well."""
    ran = run("feeds", "load", "epss", put(tmp_path / "all.zip", zip_of({"a.json": b"{}"})))

    assert ran.code == 3
    assert "all.zip: it holds no .csv file, as epss needs" in ran.err


def test_refusals_for_the_same_reason_are_counted(run: Run, tmp_path: Path) -> None:
    """Three of a kind are shown, then their number, so that the other kind is seen too."""
    same = [{**zlib_cve("x"), "configurations": "none"} for _ in range(500)]
    feed = put(tmp_path / "nvd.json", nvd(*same, zlib_cve("CVE-2026-1001"), {**zlib_cve("x"), "id": "y"}))

    ran = run("feeds", "load", "nvd", feed)

    lines = ran.err.splitlines()
    assert ran.code == 3
    assert [line.split(":")[1] for line in lines[:3]] == [" item 1", " item 2", " item 3"]
    assert lines[3] == "  … and 497 more for the same reason"
    assert "item 502: is no CVE id: 'y'" in lines[4]
    assert len(lines) == 5


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("feed.json.gz", gzip.compress(nvd(zlib_cve("CVE-2026-1001")))),
        ("feed.zip", zip_of({"a.json": nvd(zlib_cve("CVE-2026-1001"))})),
    ],
    ids=["gzip", "zip"],  # both hold the time, and every worker must give a test the same name
)
def test_half_a_download_is_said_to_be_truncated(run: Run, tmp_path: Path, name: str, content: bytes) -> None:
    """And its path stands there once."""
    ran = run("feeds", "load", "nvd", put(tmp_path / name, content[: len(content) // 2]))

    (line,) = ran.err.splitlines()
    assert ran.code == 3
    assert f"{name}: is truncated: " in line
    assert line.count(name) == 1


def test_a_path_that_is_not_there_loads_nothing(run: Run, home: Path, tmp_path: Path) -> None:
    """Not even the good file beside it."""
    good = put(tmp_path / "good.json", nvd(zlib_cve("CVE-2026-1001")))

    ran = run("feeds", "load", "nvd", good, "nowhere.json")

    assert (ran.code, ran.out) == (5, "")
    assert "nowhere.json: There is no such file or folder. Check the path; nothing was loaded." in ran.complaint
    assert not list((home / "evidence").rglob("*.zst"))


def test_a_source_nobody_knows(run: Run, home: Path) -> None:
    """Exit 2, the sources that there are, and no home made."""
    ran = run("feeds", "load", "nvdd", "x.json")

    assert ran.code == 2
    assert "'nvdd' is not one of 'nvd', 'cve', 'kev', 'epss', 'osv', 'csaf'" in ran.complaint
    assert not home.exists()


def test_status_before_anything_is_loaded(run: Run, home: Path) -> None:
    """One line that says how to load."""
    ran = run("feeds", "status")

    assert (ran.code, ran.out) == (5, "")
    assert "There is no vulnerability data yet. Load some:" in ran.complaint
    assert not home.exists()


def test_status(loaded: Run) -> None:
    """Every source, loaded or not; how old, how much, and what never came."""
    ran = loaded("feeds", "status")

    lines = ran.out.splitlines()
    assert ran.code == 0
    assert [line.split()[0] for line in lines[1:7]] == SOURCES
    assert " ".join(lines[1].split()) == "nvd 1 2026-11-02 (22 days old) just now done 1 0 0"
    assert "never loaded" in lines[3]
    assert lines[-1] == "Never loaded: cve, kev, epss, osv, csaf. Load files: postmarket feeds load cve PATH"


def test_status_in_json(loaded: Run, tmp_path: Path) -> None:
    """The same as values, with the refusals of the last run."""
    loaded("feeds", "load", "kev", put(tmp_path / "bad.json", b"{"))

    found = states(loaded)

    assert list(found) == SOURCES
    assert found["nvd"] | {"last_started": "", "last_finished": ""} == {
        "source": "nvd",
        "held": 1,
        "data_as_of": "2026-11-02T00:00:00Z",
        "last_started": "",
        "last_finished": "",
        "last_state": "done",
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": 0,
        "refusals": [],
    }
    assert found["nvd"]["last_started"] == "2026-11-24T08:00:00Z"
    assert (found["kev"]["refused"], len(found["kev"]["refusals"])) == (1, 1)  # type: ignore[arg-type]
    assert found["osv"]["last_state"] == "never loaded"


def test_one_load_at_a_time(loaded: Run, home: Path, tmp_path: Path) -> None:
    """The second says so and touches nothing; once the first is gone, it goes."""
    feed = put(tmp_path / "kev.json", kev("CVE-2026-1001"))
    with (home / "feeds.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        with closing(sqlite3.connect(home / "postmarket.sqlite3")) as connection:
            connection.execute("UPDATE feed_run SET state = 'running'")
            connection.commit()
        running = states(loaded)["nvd"]["last_state"]
        ran = loaded("feeds", "load", "kev", feed)

    assert running == "running"
    assert (ran.code, ran.out) == (5, "")
    assert "Another load is running. Wait until it ends, then run this again." in ran.complaint
    assert loaded("feeds", "load", "kev", feed).code == 0


def test_a_home_that_holds_no_store(run: Run, home: Path) -> None:
    """A file that is none is left alone, and named."""
    store = put(home / "postmarket.sqlite3", b"my diary" * 100)

    ran = run("feeds", "status")

    assert ran.code == 5
    assert "postmarket.sqlite3: The vulnerability store cannot be opened" in ran.complaint
    assert store.read_bytes() == b"my diary" * 100


@pytest.mark.parametrize("content", [nvd(zlib_cve("CVE-2026-1007")), b"garbage"])
def test_a_feed_whose_name_is_not_utf_8(run: Run, tmp_path: Path, content: bytes) -> None:
    """Linux allows any bytes."""
    path = tmp_path / os.fsdecode(b"n\xffvd.json")
    path.write_bytes(content)

    assert run("feeds", "load", "nvd", path).code in {0, 3}


def test_a_feed_with_a_hostile_name(run: Run, tmp_path: Path) -> None:
    """Escape sequences in it are shown, not obeyed."""
    ran = run("feeds", "load", "nvd", put(tmp_path / "bad\x1b[2J\n.json", b"garbage"))

    assert ran.code == 3
    assert "bad\\x1b[2J\\n.json" in ran.err
    assert all(line.isprintable() for line in (ran.out + ran.err).splitlines())


def test_a_file_that_was_refused_is_refused_again(run: Run, tmp_path: Path) -> None:
    """Asking twice does not make it good; and a later postmarket may read it better."""
    bad = put(tmp_path / "bad.json", b"garbage")

    assert [run("feeds", "load", "nvd", bad).code for _ in range(2)] == [3, 3]


def test_a_date_in_the_future_makes_no_data_new(loaded: Run, tmp_path: Path) -> None:
    """One absurd entry must not hide that a catalogue is old."""
    loaded("feeds", "load", "kev", put(tmp_path / "k.json", kev("CVE-2026-1001", added="9999-12-31")))

    (dated,) = [
        line for line in loaded("scan", put(tmp_path / "device.json", SBOM)).out.splitlines() if "Data as of" in line
    ]

    assert "9999" not in dated


def test_what_lies_beside_a_feed_is_passed_over(run: Run, tmp_path: Path) -> None:
    """NVD's .meta files, checksums and a README in the folder are no feed, and no refusal either."""
    put(tmp_path / "feeds" / "nvd.json", nvd(zlib_cve("CVE-2026-1001")))
    for name in ("nvd.meta", "nvd.json.sha256", "README.md"):
        put(tmp_path / "feeds" / name, "lastModifiedDate:2026-11-20")

    ran = run("feeds", "load", "nvd", tmp_path / "feeds")

    assert (ran.code, ran.err) == (0, "")


def pages(folder: Path, *, records: int) -> Path:
    """Two pages of NVD, the second large enough to be caught in the middle."""
    put(folder / "1.json", nvd(zlib_cve("CVE-2026-0001")))
    put(folder / "2.json", nvd(*(zlib_cve(f"CVE-2026-{number:05d}") for number in range(10_000, 10_000 + records))))
    return folder


def written(home: Path) -> int:
    """How many records the store holds, seen or not."""
    with closing(sqlite3.connect(home / "postmarket.sqlite3")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM record").fetchone()
    return int(count)


MANY = 7_000


def until(reached: Callable[[], object]) -> None:
    """Wait for something another process does."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.mark.parametrize(
    ("signal_", "code", "state"),
    [(signal.SIGKILL, -signal.SIGKILL, "interrupted"), (signal.SIGINT, 130, "interrupted")],
)
def test_a_load_that_is_stopped_goes_on_where_it_was(
    loaded: Run, home: Path, tmp_path: Path, signal_: signal.Signals, code: int, state: str
) -> None:
    """Killed in the second file: nothing of it is seen, what was loaded before is whole; run again, it ends."""
    folder = pages(tmp_path / "feeds", records=MANY)  # enough that a busy machine still stops it half-way
    device = put(tmp_path / "device.json", SBOM)
    before = loaded("scan", device, "-f", "csv").out

    process = start("feeds", "load", "nvd", folder)
    until(lambda: written(home) > 100)
    process.send_signal(signal_)
    _, err = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == code
    assert 100 < written(home) < MANY + 2
    assert b"Traceback" not in err
    assert states(loaded)["nvd"]["last_state"] == state
    assert "nvd: the last load was interrupted" in loaded("feeds", "status").out
    assert loaded("scan", device, "-f", "csv").out == before

    ran = loaded("feeds", "load", "nvd", folder)
    assert ran.code == 0
    assert "(1 files, 1 files already loaded)" in ran.out
    found = states(loaded)["nvd"]
    assert (found["held"], found["last_state"]) == (MANY + 2, "done")


@pytest.fixture
def server() -> Iterator[Server]:
    """A mirror on this machine."""
    server = Server()
    yield server
    server.close()


def test_sync_asks_the_mirror_it_is_told_of(run: Run, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue comes from POSTMARKET_FEED_KEV; the second time the server says that nothing changed."""
    server.says("/kev.json", kev("CVE-2026-1001"))
    monkeypatch.setenv("POSTMARKET_FEED_KEV", f"{server.url}/kev.json")

    first, again = run("feeds", "sync", "kev"), run("feeds", "sync", "kev", "--json")

    assert (first.code, first.out) == (0, "kev: 1 added, 0 changed, 0 unchanged, 0 refused (1 files)\n")
    assert again.code == 0
    assert json.loads(again.out) == {
        "loaded": [{"source": "kev", "items": 0, "refused": 0, "files": 0}],
        "failures": [],
    }
    assert server.asked[1].header("If-None-Match")
    assert states(run)["kev"]["held"] == 1


def test_sync_that_fails_says_so_and_keeps_what_there_was(
    loaded: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 3, one line with the address and what to do; a scan still works."""
    monkeypatch.setenv("POSTMARKET_FEED_KEV", f"{server.url}/gone.json")

    ran = loaded("feeds", "sync", "kev")

    assert ran.code == 3
    (line,) = [line for line in ran.err.splitlines() if line.startswith("postmarket: ")]
    assert f"kev: {server.url}/gone.json: " in line
    assert line.isprintable()
    assert loaded("scan", put(tmp_path / "device.json", SBOM)).code == 0


def test_sync_without_a_network_says_so_at_once_and_goes_on(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line for the source that cannot be reached; the next one comes; the status keeps the reason."""
    monkeypatch.setattr(ClientOptions, "from_environment", lambda: ClientOptions(sleep=lambda _: None))
    monkeypatch.setenv("POSTMARKET_FEED_EPSS", "http://127.0.0.1:9/epss.csv.gz")
    server.says("/kev.json", kev("CVE-2026-1001"))
    monkeypatch.setenv("POSTMARKET_FEED_KEV", f"{server.url}/kev.json")

    ran = run("feeds", "sync", "epss", "kev")

    assert (ran.code, ran.out) == (3, "kev: 1 added, 0 changed, 0 unchanged, 0 refused (1 files)\n")
    (line,) = [line for line in ran.err.splitlines() if line.startswith("postmarket: ")]
    assert "epss: http://127.0.0.1:9/epss.csv.gz: cannot connect to http://127.0.0.1:9" in line
    assert "HTTPS_PROXY" in line
    assert "postmarket feeds load epss" in line
    found = states(run)["epss"]
    assert (found["last_state"], found["refused"]) == ("failed", 1)


def test_sync_asks_the_quick_sources_first(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the large ones has KEV and EPSS already."""
    monkeypatch.setattr(ClientOptions, "from_environment", lambda: ClientOptions(sleep=lambda _: None))
    for name in ("KEV", "EPSS", "NVD_FEEDS", "NVD_API", "CVE_RELEASES", "OSV"):
        monkeypatch.setenv(f"POSTMARKET_FEED_{name}", "http://127.0.0.1:9/x")

    ran = run("feeds", "sync", "--json")

    assert ran.code == 3
    assert [item["source"] for item in json.loads(ran.out)["failures"]] == ["kev", "epss", "nvd", "cve", "osv"]
