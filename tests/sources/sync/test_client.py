"""Asking politely: conditional requests, retries, redirects, limits, resumed downloads."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import timedelta
from email.utils import format_datetime
from itertools import islice

import pytest

from postmarket.sources.interface import Source
from postmarket.sources.sync import ClientOptions, Status
from postmarket.sources.sync.client import Client
from postmarket.sources.sync.errors import CannotFetch
from tests.sources.sync.conftest import NOW, Lab
from tests.sources.sync.server import Reply, Request, Server, static

KEV = json.dumps({"vulnerabilities": []}).encode()
ZIP = b"PK\x03\x04" + bytes(range(256)) * 4000


def test_a_file_is_stored_as_it_came(lab: Lab, server: Server) -> None:
    """What is yielded is whole on disk, with its hash, time and validators."""
    server.says("/kev.json", KEV, **{"Last-Modified": "Sat, 03 Oct 2026 10:00:00 GMT"})

    came, failed = lab.run(Source.KEV)

    assert failed == []
    assert came[0].path.read_bytes() == KEV
    assert came[0].sha256 == hashlib.sha256(KEV).hexdigest()
    assert came[0].fetched_at == "2026-10-03T12:00:00Z"
    assert came[0].last_modified == "Sat, 03 Oct 2026 10:00:00 GMT"
    assert came[0].status is Status.NEW
    assert server.asked[0].header("User-Agent") == "postmarket-test"


def test_an_unchanged_file_is_asked_for_conditionally(lab: Lab, server: Server) -> None:
    """The second run sends both validators, gets 304, and says UNCHANGED."""
    server.says("/kev.json", KEV, **{"Last-Modified": "Sat, 03 Oct 2026 10:00:00 GMT"})
    lab.run(Source.KEV)

    came, _ = lab.run(Source.KEV)

    assert server.asked[1].header("If-None-Match") != ""
    assert server.asked[1].header("If-Modified-Since") == "Sat, 03 Oct 2026 10:00:00 GMT"
    assert [item.status for item in came] == [Status.UNCHANGED]
    assert came[0].path.read_bytes() == KEV


def test_the_same_bytes_under_another_etag_are_unchanged(lab: Lab, server: Server) -> None:
    """A server that forgets its ETags does not make us load the same file again."""
    server.in_turn("/kev.json", Reply(KEV, headers={"ETag": '"a"'}), Reply(KEV, headers={"ETag": '"b"'}))
    lab.run(Source.KEV)

    came, _ = lab.run(Source.KEV)

    assert [(item.status, item.etag) for item in came] == [(Status.UNCHANGED, '"b"')]


def test_a_file_that_is_gone_from_the_folder_is_fetched_whole(lab: Lab, server: Server) -> None:
    """Validators are only sent for a copy that is really there."""
    server.says("/kev.json", KEV)
    came, _ = lab.run(Source.KEV)
    came[0].path.unlink()

    again, _ = lab.run(Source.KEV)

    assert server.asked[1].header("If-None-Match") == ""
    assert again[0].path.read_bytes() == KEV


@pytest.mark.parametrize(
    ("reply", "waits"),
    [
        (Reply(status=500), [2.0]),
        (Reply(status=503), [2.0]),
        (Reply(status=429, headers={"Retry-After": "17"}), [17.0]),
        (Reply(status=503, headers={"Retry-After": "0"}), []),
        (Reply(status=429, headers={"Retry-After": "soon"}), [2.0]),
        (Reply(KEV, cut=5), [2.0]),
    ],
)
def test_what_may_pass_is_asked_for_again(lab: Lab, server: Server, reply: Reply, waits: list[float]) -> None:
    """A 5xx, a 429 and a broken connection are retried after the wait the server asks for, or ours."""
    server.in_turn("/kev.json", reply, static(KEV))

    came, failed = lab.run(Source.KEV)

    assert failed == []
    assert came[0].path.read_bytes() == KEV
    assert lab.clock.slept == waits


def test_retry_after_may_be_a_date(lab: Lab, server: Server) -> None:
    """The other form of RFC 9110 §10.2.3 is understood too."""
    date = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
    server.in_turn("/kev.json", Reply(status=429, headers={"Retry-After": date}), static(KEV))

    lab.run(Source.KEV)

    assert lab.clock.slept == [90.0]


def test_waits_grow_and_end(lab: Lab, server: Server) -> None:
    """After the last attempt there is one clear failure with the address and the next step."""
    server.in_turn("/kev.json", Reply(status=500))

    came, failed = lab.run(Source.KEV)

    assert came == []
    assert lab.clock.slept == [2.0, 4.0, 8.0]
    assert len(server.asked) == 4
    assert failed[0].url == f"{server.url}/kev.json"
    assert "HTTP 500" in failed[0].why
    assert "asked 4 times" in failed[0].why
    assert "goes on" in failed[0].next_step


def test_a_long_retry_after_is_not_waited_for(lab: Lab, server: Server) -> None:
    """Nobody sits an hour in front of a silent program: the failure says when to come back."""
    server.in_turn("/kev.json", Reply(status=429, headers={"Retry-After": "3600"}))

    _, failed = lab.run(Source.KEV)

    assert lab.clock.slept == []
    assert "3600 s" in failed[0].why


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204, 206])
def test_a_refusal_is_final(lab: Lab, server: Server, status: int) -> None:
    """Other statuses fail at once, and are named."""
    server.in_turn("/kev.json", Reply(status=status))

    _, failed = lab.run(Source.KEV)

    assert len(server.asked) == 1
    assert f"HTTP {status}" in failed[0].why
    assert failed[0].next_step


@pytest.mark.parametrize(
    "body", [b"<!DOCTYPE html><title>Please log in</title>", b"", b"\x1b[2Jhello", b"\x1f\x8b compressed"]
)
def test_a_login_page_never_passes_for_a_feed(lab: Lab, server: Server, body: bytes) -> None:
    """A file of another kind is refused in one printable line, and the good copy stays."""
    server.says("/kev.json", KEV)
    good, _ = lab.run(Source.KEV)
    server.says("/kev.json", body)

    came, failed = lab.run(Source.KEV)

    assert came == []
    assert failed[0].why.isprintable()
    assert good[0].path.read_bytes() == KEV
    assert sorted(path.name for path in good[0].path.parent.iterdir()) == [good[0].path.name]


def test_redirects_are_followed(lab: Lab, server: Server) -> None:
    """As GitHub and EPSS do for their files; the address recorded is the one asked for."""
    server.in_turn("/kev.json", Reply(status=302, headers={"Location": "/elsewhere.json"}))
    server.says("/elsewhere.json", KEV)

    came, _ = lab.run(Source.KEV)

    assert came[0].url == f"{server.url}/kev.json"
    assert server.paths == ["/kev.json", "/elsewhere.json"]


def test_a_redirect_loop_ends(lab: Lab, server: Server) -> None:
    """Five redirects are enough for anyone honest."""
    server.in_turn("/kev.json", Reply(status=301, headers={"Location": "/kev.json"}))

    _, failed = lab.run(Source.KEV)

    assert len(server.asked) == 6
    assert "redirects" in failed[0].why


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "//", "http://[::1", "gopher:x", ""])
def test_other_schemes_are_refused(lab: Lab, server: Server, target: str) -> None:
    """A redirect leads to http or https or nowhere."""
    server.in_turn("/kev.json", Reply(status=302, headers={"Location": target}))

    _, failed = lab.run(Source.KEV)

    assert len(failed) == 1
    assert failed[0].next_step or "redirects" in failed[0].why


def test_a_file_over_the_limit_is_refused(lab: Lab, server: Server) -> None:
    """An endless answer stops at the limit; a declared size over it is not even begun."""
    server.in_turn("/kev.json", Reply(b"{" + b" " * (70 * 2**20)))

    _, failed = lab.run(Source.KEV)

    assert "too large" in failed[0].why
    assert lab.notes.bytes <= 65 * 2**20


def test_a_download_that_broke_off_goes_on_where_it_stopped(lab: Lab, server: Server) -> None:
    """The same run asks for the rest only, and the file and its hash are those of the whole."""
    server.in_turn("/osv/PyPI/all.zip", static(ZIP, cut=600_000), static(ZIP))
    server.says("/osv/Red%20Hat/all.zip", ZIP)

    came, _ = lab.run(Source.OSV)

    assert server.asked[1].header("Range") == "bytes=600000-"
    assert lab.notes.bytes == 2 * len(ZIP)
    assert came[0].path.read_bytes() == ZIP
    assert came[0].sha256 == hashlib.sha256(ZIP).hexdigest()


def test_another_run_goes_on_with_a_download_that_broke_off(lab: Lab, server: Server) -> None:
    """What is on disk survives the process; files that were whole are only asked whether they changed."""
    server.in_turn("/osv/PyPI/all.zip", static(ZIP, cut=400_000), Reply(status=500))
    server.says("/osv/Red%20Hat/all.zip", ZIP)
    _, failed = lab.run(Source.OSV)
    assert len(failed) == 1
    server.says("/osv/PyPI/all.zip", ZIP)
    before = len(server.asked)

    came, failed = lab.run(Source.OSV)

    assert failed == []
    assert server.asked[before].header("Range") == "bytes=400000-"
    assert [item.status for item in came] == [Status.NEW, Status.UNCHANGED]
    assert came[0].path.read_bytes() == ZIP


def test_a_changed_file_is_not_glued_to_an_old_beginning(lab: Lab, server: Server) -> None:
    """If-Range: when the version changed in between, the whole new file comes."""
    other = ZIP[:4] + b"other" * 100_000
    server.in_turn("/osv/PyPI/all.zip", static(ZIP, cut=400_000), static(other))

    came, _ = lab.run(Source.OSV, osv_ecosystems=("PyPI",))

    assert came[0].path.read_bytes() == other


@pytest.mark.parametrize(
    "wrong",
    [
        Reply(ZIP[5:], 206, {"Content-Range": f"bytes 5-{len(ZIP) - 1}/{len(ZIP)}"}),
        Reply(b"", 206, {"Content-Range": "bytes x"}),
        Reply(status=416),
    ],
)
def test_a_wrong_part_is_thrown_away(lab: Lab, server: Server, wrong: Reply) -> None:
    """A server that answers a range badly gets the whole file asked for."""
    server.in_turn("/osv/PyPI/all.zip", static(ZIP, cut=400_000), wrong, static(ZIP))

    came, _ = lab.run(Source.OSV, osv_ecosystems=("PyPI",))

    assert server.asked[2].header("Range") == ""
    assert came[0].path.read_bytes() == ZIP


def test_without_a_strong_validator_nothing_is_resumed(lab: Lab, server: Server) -> None:
    """Two halves of two versions would be worse than asking twice."""

    def weak(request: Request) -> Reply:
        return Reply(ZIP, headers={"ETag": 'W/"x"'}, cut=400_000 if len(server.asked) == 1 else None)

    server.routes["/osv/PyPI/all.zip"] = weak

    came, _ = lab.run(Source.OSV, osv_ecosystems=("PyPI",))

    assert server.asked[1].header("Range") == ""
    assert came[0].path.read_bytes() == ZIP


def test_a_dead_server_is_one_line(lab: Lab) -> None:
    """Nobody listening is a failure with a next step, not a traceback."""
    _, failed = lab.run(Source.KEV, kev="http://127.0.0.1:9/kev.json")

    assert "cannot connect to http://127.0.0.1:9" in failed[0].why
    assert "proxy" in failed[0].next_step


@pytest.mark.parametrize(
    "address",
    ["", "kev.json", "file:///etc/hosts", "http://", "http://[bad/", "https://exa mple/x", "http://127.0.0.1:x/"],
)
def test_a_wrong_address_is_one_line(lab: Lab, address: str) -> None:
    """An address that is none is refused by name."""
    _, failed = lab.run(Source.KEV, kev=address)

    assert len(failed) == 1
    assert failed[0].next_step


def test_a_file_where_the_folder_should_be_is_one_line(lab: Lab, server: Server) -> None:
    """A disk that cannot be written is named with its path."""
    server.says("/kev.json", KEV)
    lab.folder.mkdir()
    (lab.folder / "kev").write_text("in the way")

    _, failed = lab.run(Source.KEV)

    assert "cannot be stored" in failed[0].why
    assert str(lab.folder / "kev") in failed[0].why


def test_a_name_and_password_stay_out_of_records(lab: Lab, server: Server) -> None:
    """A mirror's credentials are sent, and never shown or stored."""
    server.says("/kev.json", KEV)
    secret = server.url.replace("http://", "http://me:hunter2@")

    came, _ = lab.run(Source.KEV, kev=f"{secret}/kev.json")

    assert server.asked[0].header("Authorization").startswith("Basic ")
    assert "hunter2" not in repr(came)
    assert b"hunter2" not in (lab.folder / "sync-state.jsonl").read_bytes()


def test_a_file_nobody_took_is_yielded_again_without_a_request(lab: Lab, server: Server) -> None:
    """Killed between fetching and loading, nothing is lost and nothing is fetched twice."""
    server.says("/osv/PyPI/all.zip", ZIP)
    server.says("/osv/Red%20Hat/all.zip", ZIP + b"2")
    first = lab.take(Source.OSV, 1)

    again = list(islice(lab.items(Source.OSV), 1))

    assert again == first
    assert server.paths == ["/osv/PyPI/all.zip"]


def test_a_file_nobody_took_and_someone_deleted_is_fetched_again(lab: Lab, server: Server) -> None:
    """The state trusts the disk, not its memory."""
    server.says("/kev.json", KEV)
    first = lab.take(Source.KEV, 1)[0]
    first.path.unlink()  # type: ignore[union-attr]  # it came

    came, failed = lab.run(Source.KEV)

    assert failed == []
    assert [item.status for item in came] == [Status.NEW]
    assert came[0].path.read_bytes() == KEV


def test_the_key_comes_from_the_environment_and_stays_out_of_sight() -> None:
    """NVD_API_KEY is read, trimmed, and not in the repr."""
    options = ClientOptions.from_environment({"NVD_API_KEY": " abc-123 \n"})

    assert options.nvd_api_key == "abc-123"
    assert "abc-123" not in repr(options)


def test_commands_that_fetch_nothing_do_not_pay_for_it() -> None:
    """Importing the room brings in neither httpx nor stamina."""
    code = "import sys, postmarket.sources.sync; print([m for m in ('httpx', 'stamina', 'ssl') if m in sys.modules])"

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "[]"


def test_without_a_network_it_gives_up_after_two_short_tries(lab: Lab) -> None:
    """One failure for the whole source, naming the host, the proxy variables and the way without a network."""
    _, failed = lab.run(Source.OSV, osv="http://osv.invalid/bucket")

    assert len(failed) == 1
    assert lab.clock.slept == [2.0]
    assert "cannot connect to http://osv.invalid" in failed[0].why
    assert "tried 2 times" in failed[0].why
    assert "HTTPS_PROXY" in failed[0].next_step
    assert "postmarket feeds load" in failed[0].next_step


def test_nvd_without_a_network_is_one_failure_not_one_for_every_year(lab: Lab) -> None:
    """The yearly feeds all lie on the one host that does not answer."""
    _, failed = lab.run(Source.NVD, nvd_feeds="http://nvd.invalid/feeds")

    assert [item.url for item in failed] == ["http://nvd.invalid/feeds/nvdcve-2.0-2002.meta"]


def test_a_server_that_answered_before_is_waited_for(lab: Lab) -> None:
    """It goes away in the middle of a sync: it is asked as often as for anything else that may pass."""
    brief = Server()
    url = f"{brief.url}/kev.json"
    brief.says("/kev.json", KEV, Connection="close")
    with Client(lab.options, now=lab.now, progress=lab.notes) as client:
        assert client.get(url, limit=10**6) == KEV
        brief.close()

        with pytest.raises(CannotFetch, match="asked 4 times"):
            client.get(url, limit=10**6)

    assert lab.clock.slept == [2.0, 4.0, 8.0]
