"""`feeds load`: kept before it is parsed, resumable, visible all at once, and never harmed by bad input."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from postmarket.matching.errors import StoreBusy, StoreError
from postmarket.matching.facts import words
from postmarket.matching.store import runs
from postmarket.matching.store.connection import generation, open_address, open_store
from postmarket.matching.store.engine import Connection
from postmarket.matching.store.loading import Loader, Unwatched, is_loading, load
from postmarket.matching.store.records import Outcome
from postmarket.matching.store.runs import Run
from postmarket.matching.store.status import data_as_of, status
from postmarket.sources.interface import Source
from postmarket.versions.interface import Scheme
from tests.stores import Watched, no_patience

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def cve(number: int, *, below: str = "1.2.12") -> dict[str, object]:
    """One vulnerability of zlib as NVD writes it."""
    return {
        "cve": {
            "id": f"CVE-2026-{number:04d}",
            "published": "2026-01-01T00:00:00.000",
            "lastModified": "2026-01-02T00:00:00.000",
            "vulnStatus": "Analyzed",
            "descriptions": [{"lang": "en", "value": "A test."}],
            "metrics": {},
            "configurations": [
                {
                    "nodes": [
                        {
                            "operator": "OR",
                            "negate": False,
                            "cpeMatch": [
                                {
                                    "vulnerable": True,
                                    "criteria": "cpe:2.3:a:zlib:zlib:*:*:*:*:*:*:*:*",
                                    "versionEndExcluding": below,
                                }
                            ],
                        }
                    ]
                }
            ],
            "references": [],
        }
    }


def feed(*records: object) -> bytes:
    """An NVD 2.0 file."""
    return json.dumps({"format": "NVD_CVE", "version": "2.0", "vulnerabilities": records}).encode()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty POSTMARKET_HOME."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def load_nvd(store: Connection, home: Path, *paths: Path) -> Run:
    """Load NVD files."""
    return load(store, Source.NVD, paths, home=home, clock=lambda: NOW)


def count(store: Connection) -> int:
    """How many records are in the store."""
    return int(store.execute("SELECT count(*) FROM record").fetchone()[0])


def test_a_file_is_kept_as_it_came_and_loaded_once(store: Connection, home: Path, tmp_path: Path) -> None:
    """The raw bytes are evidence; the same bytes are read once."""
    file = tmp_path / "feed.json"
    file.write_bytes(feed(cve(1), cve(2)))

    first, second = load_nvd(store, home, file), load_nvd(store, home, file)

    assert first.outcomes[Outcome.ADDED] == 2
    assert (second.items, second.files_skipped) == (0, 1)
    assert len(list((home / "evidence").rglob("*.zst"))) == 1


def test_one_bad_record_is_counted_with_its_reason_and_the_rest_goes_on(
    store: Connection, home: Path, tmp_path: Path
) -> None:
    """Nothing is dropped silently."""
    file = tmp_path / "feed.json"
    file.write_bytes(feed(cve(1), {"cve": {"id": 7}}, cve(2)))

    run = load_nvd(store, home, file)

    assert (run.outcomes[Outcome.ADDED], run.refused) == (2, 1)
    assert "feed.json" in run.refusals[0].where
    (nvd,) = [item for item in status(store) if item.source is Source.NVD]
    assert (nvd.held, nvd.refused) == (2, 1)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b"[1, 2]", gzip.compress(b"{}", mtime=0)[:-4], feed(cve(1))[:-30]],
    ids=["empty", "truncated", "no text", "another shape", "cut gzip", "cut feed"],
)
def test_a_broken_file_is_refused_in_one_line_and_harms_nothing(
    store: Connection, home: Path, tmp_path: Path, content: bytes
) -> None:
    """What was loaded before stays; the good file beside it goes on."""
    good, bad = tmp_path / "good.json", tmp_path / ("bad.json.gz" if content[:2] == b"\x1f\x8b" else "bad.json")
    good.write_bytes(feed(cve(9)))
    bad.write_bytes(content)

    run = load_nvd(store, home, bad, good)

    assert run.refused >= 1
    assert all("\n" not in refusal.why for refusal in run.refusals)
    assert count(store) == 1


def test_a_load_that_stops_half_way_shows_nothing_and_the_next_one_shows_all(
    store: Connection, home: Path, tmp_path: Path
) -> None:
    """Ctrl-C between two files."""
    files = [tmp_path / f"{number}.json" for number in range(2)]
    for number, file in enumerate(files):
        file.write_bytes(feed(cve(number)))

    class Stopped(Exception):
        """Somebody pressed Ctrl-C."""

    with (
        pytest.raises(Stopped),
        Loader(store, Source.NVD, home=home, clock=lambda: NOW, progress=Unwatched()) as loader,
    ):
        loader.read(files[0])
        raise Stopped

    assert generation(store) == 0
    assert next(item.last_state for item in status(store) if item.source is Source.NVD) == "interrupted"

    run = load_nvd(store, home, *files)

    assert (run.files_skipped, run.outcomes[Outcome.ADDED], generation(store)) == (1, 1, 1)
    assert count(store) == 2


def test_a_killed_load_resumes(store_address: str, home: Path, tmp_path: Path) -> None:
    """kill -9 in the middle of a large file: nothing visible is lost, and the same command finishes the work."""
    file = tmp_path / "feed.json"
    file.write_bytes(feed(*(cve(number) for number in range(3_000))))
    program = textwrap.dedent(
        f"""
        import os, signal
        from datetime import datetime, UTC
        from pathlib import Path
        from postmarket.matching.store.connection import open_address
        from postmarket.matching.store.loading import load
        from postmarket.matching.store.records import RecordWriter
        from postmarket.sources.interface import Source

        written = RecordWriter.flush
        def flush(self, chunks=[0]):
            written(self)
            chunks[0] += 1
            if chunks[0] == 3:
                os.kill(os.getpid(), signal.SIGKILL)
        RecordWriter.flush = flush
        home = Path({str(home)!r})
        connection = open_address({store_address!r}, create=True)
        load(connection, Source.NVD, [Path({str(file)!r})], home=home, clock=lambda: datetime.now(UTC))
        """
    )
    killed = subprocess.run([sys.executable, "-c", program], env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL

    store = open_address(store_address)
    written = count(store)
    assert generation(store) == 0
    assert 0 < written < 3_000

    run = load_nvd(store, home, file)

    assert run.outcomes[Outcome.UNCHANGED] == written
    assert run.outcomes[Outcome.ADDED] == 3_000 - written
    assert count(store) == 3_000
    store.close()


def test_two_loads_at_once_are_refused(store: Connection, home: Path, tmp_path: Path) -> None:
    """The second is told to wait instead of corrupting the first."""
    file = tmp_path / "feed.json"
    file.write_bytes(feed(cve(1)))

    with (
        Loader(store, Source.NVD, home=home, clock=lambda: NOW, progress=Unwatched()),
        pytest.raises(StoreBusy, match="Wait until it ends"),
    ):
        load_nvd(store, home, file)


def test_a_path_that_is_not_there_stops_before_anything_is_written(store: Connection, home: Path) -> None:
    """One clear line; no run is recorded."""
    with pytest.raises(StoreError, match="no such file"):
        load_nvd(store, home, home / "nowhere.json")

    assert store.execute("SELECT count(*) FROM feed_run").fetchone() == (0,)


def test_a_store_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    """Not a database at all."""
    file = tmp_path / "postmarket.sqlite3"
    file.write_bytes(b"this is a text file, not a database" * 100)

    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(file)


def test_a_kev_entry_that_is_taken_off_the_list_is_retired(store: Connection, home: Path, tmp_path: Path) -> None:
    """The catalogue comes whole each time."""
    for name, cves in (("a.json", ("CVE-2020-0001", "CVE-2020-0002")), ("b.json", ("CVE-2020-0002",))):
        entries = [
            {
                "cveID": name_,
                "vendorProject": "Acme",
                "product": "Viewer",
                "vulnerabilityName": "A flaw",
                "dateAdded": "2026-01-02",
                "shortDescription": "Text.",
                "requiredAction": "Act.",
                "dueDate": "2026-01-23",
            }
            for name_ in cves
        ]
        (tmp_path / name).write_text(
            json.dumps(
                {"catalogVersion": "1", "dateReleased": "2026-01-02T00:00:00Z", "count": 1, "vulnerabilities": entries}
            )
        )
        load(store, Source.KEV, [tmp_path / name], home=home, clock=lambda: NOW)

    assert [item.held for item in status(store) if item.source is Source.KEV] == [1]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("source", "path", "held"),
    [
        (Source.KEV, "kev/known_exploited_vulnerabilities.json", 1_404),
        (Source.OSV, "osv/PyPI.zip", 2_661),
        (Source.CVE, "cve/cve-records-5.tar.xz", 2_500),
        (Source.CSAF, "csaf/cisa-ics-medical-and-ics.tar.xz", None),
    ],
)
def test_every_real_record_loads_or_is_counted(
    store: Connection, home: Path, shared_data: Path, source: Source, path: str, held: int | None
) -> None:
    """Nothing of the real feeds is lost; NVD's is held against the oracle elsewhere."""
    run = load(store, source, [shared_data / path], home=home, clock=lambda: NOW)

    assert run.refused == 0
    assert run.items == (held or run.items) > 0


def test_a_product_of_the_alias_table_is_ordered_by_its_own_scheme(
    store: Connection, home: Path, tmp_path: Path
) -> None:
    """NVD declares no scheme; a table can say that OpenSSL counts in letters."""
    told = cve(1, below="1.0.2zf")
    told["cve"]["configurations"][0]["nodes"][0]["cpeMatch"][0]["criteria"] = (  # type: ignore[index]
        "cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*"
    )
    file = tmp_path / "feed.json"
    file.write_bytes(feed(told))

    load(store, Source.NVD, [file], home=home, clock=lambda: NOW, schemes={"a:openssl:openssl": Scheme.OPENSSL})

    assert store.execute("SELECT scheme FROM product").fetchall() == [("openssl",)]


def kev_file(path: Path, *entries: tuple[str, str]) -> Path:
    """A KEV catalogue of (CVE, date added)."""
    listed = [
        {
            "cveID": cve_id,
            "vendorProject": "Acme",
            "product": "Viewer",
            "vulnerabilityName": "A flaw",
            "dateAdded": added,
            "shortDescription": "Text.",
            "requiredAction": "Act.",
            "dueDate": "2026-12-01",
        }
        for cve_id, added in entries
    ]
    path.write_text(
        json.dumps({"catalogVersion": "1", "dateReleased": "2026-01-02T00:00:00Z", "vulnerabilities": listed})
    )
    return path


def listed(store: Connection) -> set[str]:
    """The CVEs KEV visibly holds."""
    visible = generation(store)
    return {
        cve_id for (cve_id,) in store.execute("SELECT cve FROM kev WHERE since <= ? AND until > ?", (visible, visible))
    }


def test_an_older_catalogue_changes_nothing_and_the_newest_can_always_come_again(
    store: Connection, home: Path, tmp_path: Path
) -> None:
    """Last year's KEV must not take this year's entries away."""
    new = kev_file(tmp_path / "new.json", ("CVE-2021-0001", "2021-01-01"), ("CVE-2026-0002", "2026-01-01"))
    old = kev_file(tmp_path / "old.json", ("CVE-2021-0001", "2021-01-01"), ("CVE-2020-0009", "2020-01-01"))

    runs = [load(store, Source.KEV, [path], home=home, clock=lambda: NOW) for path in (new, old, new)]

    assert listed(store) == {"CVE-2021-0001", "CVE-2026-0002"}
    assert runs[1].outcomes[Outcome.OLDER] == 2


def test_a_file_that_was_only_partly_read_is_read_again(store: Connection, home: Path, tmp_path: Path) -> None:
    """What was refused is refused again, not forgotten."""
    file = tmp_path / "feed.json"
    file.write_bytes(feed(cve(1), {"cve": {"id": 7}}))

    first, second = load_nvd(store, home, file), load_nvd(store, home, file)

    assert (first.refused, second.refused, second.files_skipped) == (1, 1, 0)


def test_a_load_of_another_source_never_publishes_half_of_a_killed_one(
    store: Connection, home: Path, tmp_path: Path
) -> None:
    """NVD stops half-way, KEV is loaded: NVD shows what it showed before, and all of it when it is loaded again."""
    before = tmp_path / "before.json"
    before.write_bytes(feed(cve(1)))
    load_nvd(store, home, before)
    half = tmp_path / "half.json"
    changed = cve(1, below="1.0")
    changed["cve"]["lastModified"] = "2026-02-02T00:00:00.000"  # type: ignore[index]
    half.write_bytes(feed(changed, cve(2)))
    with (
        pytest.raises(KeyboardInterrupt),
        Loader(store, Source.NVD, home=home, clock=lambda: NOW, progress=Unwatched()) as loader,
    ):
        loader.read(half)
        raise KeyboardInterrupt

    load(
        store,
        Source.KEV,
        [kev_file(tmp_path / "kev.json", ("CVE-2026-0001", "2026-01-01"))],
        home=home,
        clock=lambda: NOW,
    )

    assert store.execute("SELECT name FROM record").fetchall() == [("CVE-2026-0001",)]
    assert store.execute("SELECT count(*) FROM criterion WHERE until > 100").fetchone() == (1,)
    assert load_nvd(store, home, half).outcomes[Outcome.CHANGED] == 1
    assert count(store) == 2


def test_the_date_of_the_newest_word_survives_a_resume_and_a_date_from_the_future(
    store: Connection, home: Path, tmp_path: Path
) -> None:
    """The file was read by the run that was stopped; another record says it comes from the year 9999."""
    future = cve(2)
    future["cve"]["lastModified"] = "9999-01-01T00:00:00.000"  # type: ignore[index]
    file = tmp_path / "feed.json"
    file.write_bytes(feed(cve(1), future))
    with (
        pytest.raises(KeyboardInterrupt),
        Loader(store, Source.NVD, home=home, clock=lambda: NOW, progress=Unwatched()) as loader,
    ):
        loader.read(file)
        raise KeyboardInterrupt

    load_nvd(store, home, file)

    assert data_as_of(store) == {"nvd": "2026-01-02T00:00:00Z"}


def test_a_folder_gives_only_what_can_be_of_the_source(store: Connection, home: Path, tmp_path: Path) -> None:
    """Somebody's key beside the feeds is neither read nor kept."""
    folder = tmp_path / "feeds"
    folder.mkdir()
    (folder / "feed.json").write_bytes(feed(cve(1)))
    (folder / "id_rsa").write_text("secret")

    run = load_nvd(store, home, folder)

    assert (run.files, run.refused) == (1, 0)
    assert len([file for file in (home / "evidence").rglob("*") if file.is_file()]) == 1


def test_a_file_that_cannot_be_opened_is_refused_and_the_others_go_on(
    store: Connection, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk error or missing rights on one file."""
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(feed(cve(1)))
    bad.write_bytes(feed(cve(2)))
    opened = Path.open

    def refusing(path: Path, *args: object, **more: object) -> object:
        if path == bad:
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refusing)

    run = load_nvd(store, home, bad, good)

    assert (run.refused, count(store)) == (1, 1)
    assert "Permission denied" in run.refusals[0].why


def test_what_is_read_inside_one_reading_is_of_one_moment(
    store: Connection, store_address: str, home: Path, tmp_path: Path
) -> None:
    """A load that ends meanwhile neither changes nor breaks a scan that has begun."""
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    first.write_bytes(feed(cve(1)))
    second.write_bytes(feed(cve(2)))
    load_nvd(store, home, first)
    reader = open_address(store_address)

    with reader.reading():
        seen = generation(reader)
        load_nvd(store, home, second)
        assert generation(reader) == seen
        assert count(reader) == 1

    assert generation(reader) == seen + 1
    reader.close()


def test_a_store_that_somebody_else_holds_is_said_to_be_busy(store: Connection, store_address: str) -> None:
    """Not a defect of postmarket: which store, and try again."""
    other = open_address(store_address)
    no_patience(other)

    with store.writing(), pytest.raises(StoreBusy, match="try again") as told, other.writing():
        pass

    assert told.value.where == store.place
    other.close()


def test_a_store_that_cannot_be_read_is_named(store: Connection) -> None:
    """Which store, not only what the engine says of it."""
    store.execute("DROP TABLE telling")

    with pytest.raises(StoreError, match="telling") as told, store.reading():
        words(store, [1])

    assert told.value.where == store.place


def epss_file(path: Path, day: str, count: int, probability: float) -> Path:
    """The scores of one day."""
    lines = [f"#model_version:v1,score_date:{day}T00:00:00Z", "cve,epss,percentile"]
    lines += [f"CVE-2026-{number},{probability},0.5" for number in range(1000, 1000 + count)]
    path.write_text("\n".join(lines))
    return path


def test_a_replaced_catalogue_is_swept_in_pieces(
    store: Connection, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of old scores go in transactions of a few rows each, so that nobody waits; the new ones stay."""
    monkeypatch.setattr(runs, "SWEEP_ROWS", 3)
    watched = Watched(store)

    for day, probability in (("2026-11-01", 0.1), ("2026-11-02", 0.2)):
        file = epss_file(tmp_path / day, day, 10, probability)
        load(watched, Source.EPSS, [file], home=home, clock=lambda: NOW)

    assert store.execute("SELECT min(probability), max(probability), count(*) FROM epss").fetchall() == [(0.2, 0.2, 10)]
    sweeps = [at for at, text in enumerate(watched.done) if text.startswith("DELETE FROM epss") and "until <=" in text]
    assert len(sweeps) == 4
    assert all(watched.done[at + 1] == "committed" for at in sweeps)


def test_a_stopped_load_of_scores_is_taken_back_in_pieces(
    store: Connection, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KEV is loaded next: the scores are those of the day before, all of them."""
    monkeypatch.setattr(runs, "SWEEP_ROWS", 3)
    load(store, Source.EPSS, [epss_file(tmp_path / "1", "2026-11-01", 10, 0.1)], home=home, clock=lambda: NOW)
    with (
        pytest.raises(KeyboardInterrupt),
        Loader(store, Source.EPSS, home=home, clock=lambda: NOW, progress=Unwatched()) as loader,
    ):
        loader.read(epss_file(tmp_path / "2", "2026-11-02", 12, 0.2))
        raise KeyboardInterrupt

    entry = kev_file(tmp_path / "kev.json", ("CVE-2026-0001", "2026-01-01"))
    load(store, Source.KEV, [entry], home=home, clock=lambda: NOW)

    assert store.execute("SELECT max(probability), count(*) FROM epss WHERE until > 100").fetchall() == [(0.1, 10)]
    assert store.execute("SELECT count(*) FROM epss").fetchone() == (10,)


def test_a_load_that_never_ended_counts_as_interrupted_when_nobody_loads(store: Connection, home: Path) -> None:
    """The lock is the evidence: the operating system takes it from a process that is killed."""
    with Loader(store, Source.KEV, home=home, clock=lambda: NOW, progress=Unwatched()):
        assert is_loading(store, home)
        found = {item.source: item.last_state for item in status(store, loading=is_loading(store, home))}
        assert found[Source.KEV] == "running"
        killed = {item.source: item.last_state for item in status(store, loading=False)}

    assert killed[Source.KEV] == "interrupted"
    assert not is_loading(store, home)
