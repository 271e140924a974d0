"""`postmarket records`: verify, anchor and show, as a person runs them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site
from pytest_django.fixtures import Settings

from postmarket.records import anchoring
from postmarket.records.anchors.folder import Folder
from tests.builders import NOW
from tests.cli.conftest import PROGRAM, Run, start
from tests.records.attacker import forged, put_head, rows, sign_head, write
from tests.records.builders import record, story
from tests.records.conftest import places as places

BEFORE = NOW - timedelta(hours=1)


@pytest.mark.django_db
def test_records_that_are_whole_are_said_to_be(run: Run) -> None:
    """How many, from when to when, and up to where an anchor proves it; exit 0."""
    story(3, start=BEFORE)
    ran = run("records", "verify")
    assert (ran.code, ran.err) == (0, "")
    day = f"{BEFORE:%Y-%m-%d}"
    assert ran.out.startswith(f"The chain is whole: 3 entries from {day} to {day}. No anchor covers any of it")

    assert run("records", "anchor").code == 0
    ran = run("records", "verify")
    assert ran.code == 0
    assert "4 entries" in ran.out
    assert "Held against 1 anchor, the newest up to entry 3." in ran.out


@pytest.mark.django_db
def test_each_finding_is_one_line_and_the_exit_code_is_its_own(run: Run) -> None:
    """What, where, what it means, what to do; and how many at the end."""
    story(5, start=BEFORE)
    table = rows()
    table[1] = forged(table[1], bytes(table[1][2]), why="Forged.")
    write([*table[:3], table[4]])
    ran = run("records", "verify")

    assert ran.code == 6
    first, second, last = ran.out.splitlines()
    assert first.startswith(f"entry 2, {BEFORE + timedelta(minutes=1):%Y-%m-%dT%H:%M}")
    assert "device.changed: its hash is not the one that the next entry names. It was rewritten" in first
    assert second.startswith("entry 4: there are no such entries. What was recorded here is gone")
    assert "Compare with a backup" in first
    assert "Compare with a backup" in second
    assert last.startswith("2 things are wrong, in 4 entries")


@pytest.mark.django_db
def test_findings_as_json(run: Run) -> None:
    """For a machine that watches: whole or not, and each finding with its entries."""
    story(5, start=BEFORE)
    write(rows()[:3])
    ran = run("records", "verify", "--json")

    said = json.loads(ran.out)
    assert ran.code == 6
    assert (said["whole"], said["entries"]) == (False, 3)
    (finding,) = said["findings"]
    assert (finding["fault"], finding["first_entry"], finding["last_entry"]) == ("cut", 4, 5)
    assert finding["next_step"]


@pytest.mark.django_db
def test_an_anchor_kept_elsewhere_shows_a_cut_that_the_chain_cannot(run: Run, tmp_path: Path) -> None:
    """With the key stolen too, nothing else does."""
    story(5, start=BEFORE)
    anchoring.anchor_now(now=NOW, to=[Folder(tmp_path / "safe")])
    table = rows()[:3]
    write(table)
    sign_head(3, bytes(table[-1][3]))
    (anchor,) = Folder(tmp_path / "safe").files()

    assert run("records", "verify").code == 0
    ran = run("records", "verify", "--anchor", anchor)
    assert ran.code == 6
    assert "entries 4 to 5: the anchor " in ran.out


@pytest.mark.django_db
def test_what_is_no_anchor_or_no_key_is_refused(run: Run, tmp_path: Path) -> None:
    """Named on one line, exit 5: nothing was verified."""
    story(1, start=BEFORE)
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    for option in ("--anchor", "--key"):
        ran = run("records", "verify", option, wrong)
        assert (ran.code, ran.out) == (5, "")
        assert "wrong.json" in ran.complaint


@pytest.mark.django_db
def test_only_the_key_that_was_given_is_trusted(run: Run) -> None:
    """The public half of ours, and then one of somebody else."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    story(1, start=BEFORE)
    assert run("records", "verify", "--key", site.POSTMARKET_HOME / "keys" / "records.pub").code == 0
    other = Path("other.pub")
    public = Ed25519PrivateKey.generate().public_key()
    other.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    ran = run("records", "verify", "--key", other)
    assert ran.code == 6
    assert "no key known here signed it" in ran.out


@pytest.mark.django_db
def test_anchoring_says_where_it_went_and_what_failed(run: Run, settings: Settings) -> None:
    """3 when some place was not reached, 5 when none was."""
    story(2, start=BEFORE)
    settings.ANCHOR_WEBHOOK = "http://127.0.0.1:1/"
    ran = run("records", "anchor")
    assert ran.code == 3
    assert ran.out.startswith("Anchored: 2 entries, hash ")
    assert f"kept by the folder {settings.ANCHOR_FOLDER}" in ran.out
    assert "not kept by the webhook at 127.0.0.1: " in ran.out

    blocked = Path("blocked")
    blocked.write_text("")
    settings.ANCHOR_FOLDER = blocked
    ran = run("records", "anchor", "--json")
    assert ran.code == 5
    assert all(one["trouble"] for one in json.loads(ran.out)["deliveries"])


@pytest.mark.django_db
def test_what_something_was_on_a_day(run: Run, settings: Settings) -> None:
    """A day ends at midnight where the site lives; the records until then stand below."""
    settings.SITE_TIME_ZONE = "America/Chicago"
    noon = NOW.replace(hour=12)
    record(at=noon - timedelta(days=3), before=None, after={"name": "Pump", "markets": ["us"]})
    evening_there = noon - timedelta(days=1, hours=7)  # 5 in the morning in UTC, the day before in Chicago
    record(at=evening_there, before={"name": "Pump"}, after={"name": "VersaPump 3"}, why="The label says so.")
    day = (evening_there - timedelta(days=1)).date()

    ran = run("records", "show", "device", "42", "--as-of", day)
    assert ran.code == 0
    assert "as entry 2 says:" in ran.out
    assert "  name: VersaPump 3\n" in ran.out
    assert "entry 2, " in ran.out
    assert "Petra Sommer: device.changed, changed name. The label says so.\n" in ran.out

    ran = run("records", "show", "device", "42", "--as-of", day - timedelta(days=1), "--json")
    said = json.loads(ran.out)
    assert (said["said_by_entry"], said["snapshot"]["name"]) == (1, "Pump")
    assert [one["entry"] for one in said["records"]] == [1]


@pytest.mark.django_db
def test_what_was_deleted_and_what_nobody_spoke_of_are_told_apart(run: Run) -> None:
    """Gone is something that was recorded; nothing recorded is an error that says so."""
    record("device.deleted", at=BEFORE, before={"name": "Pump"}, after=None)
    ran = run("records", "show", "device", "42")
    assert ran.code == 0
    assert "was gone by" in ran.out

    ran = run("records", "show", "device", "4711")
    assert ran.code == 5
    assert "Nothing had been recorded about device 4711" in ran.complaint
    assert "no date" in run("records", "show", "device", "42", "--as-of", "soon").complaint


@pytest.mark.django_db
def test_without_a_head_it_says_so_and_goes_on(run: Run) -> None:
    """What is left is still looked at."""
    story(2, start=BEFORE)
    put_head(("0" * 32, 0, bytes(32), None, "", b""))
    ran = run("records", "verify")

    assert ran.code == 6
    assert "It was rewritten together with its hash" in ran.out


def test_a_home_without_records_stays_as_it_is(home: Path) -> None:
    """A whole process: no database is made by looking for one."""
    process = start("records", "verify", POSTMARKET_HOME=str(home), DJANGO_SETTINGS_MODULE="postmarket.config.settings")
    _, err = process.communicate(timeout=60)

    assert process.returncode == 5
    assert b"postmarket: There are no records here" in err
    assert not list(home.rglob("*.db"))
    assert not list(home.rglob("*.sqlite*"))


def test_a_new_site_verifies_and_anchors_in_processes_of_their_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an operator runs them beside a site."""
    import subprocess

    environment = {"POSTMARKET_HOME": str(home), "DJANGO_SETTINGS_MODULE": "postmarket.config.settings"}
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    subprocess.run([*PROGRAM[:2], "from postmarket.config.site import start_site; start_site()"], check=True)
    for arguments in (("records", "anchor"), ("records", "verify")):
        process = start(*arguments)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b"")

    assert out.startswith(b"The chain is whole: 1 entry from ")
