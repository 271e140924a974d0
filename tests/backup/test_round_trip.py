"""A site, backed up while it is written to, comes back whole elsewhere; on both engines."""

from __future__ import annotations

import json
import stat
import zipfile
from datetime import datetime
from pathlib import Path

from tests.backup.sites import VERIFY, Site, written_to
from tests.cli.serving import serving

PEOPLE = "from postmarket.accounts.models import Person; print(*Person.objects.values_list('email', flat=True))"
POLICY = """
name = "acme"
version = "3"
effective = 2026-10-01

[[clock]]
id = "CVD-ACK"
limit = 2
citation = "CVD policy 4.1, section 3"
signed_by = "C. Manager, regulatory affairs"
signed_on = 2026-09-30
reason = "as published"
"""
ACKNOWLEDGES = """
from postmarket.monitoring.policy import pack_in_force
print(pack_in_force().clocks["CVD-ACK"].limit)
"""
KINDS = """
from postmarket.records.models import Entry
print(*Entry.objects.order_by("-number").values_list("kind", flat=True)[:1])
"""


def test_backed_up_while_it_is_written_to_it_is_whole_elsewhere_and_opens(
    site: Site, elsewhere: Site, tmp_path: Path
) -> None:
    """The records verify, evidence included; the people are there; the first page opens, and more can be written."""
    with written_to(site) as acts:
        before = int(acts.readline())
        file = site.backed_up(tmp_path / "site.backup")
        during = int(acts.readline())
    ended = elsewhere.restored(file)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1].endswith("records: all whole.")
    assert during > before
    assert elsewhere.inside(PEOPLE) == "ada@example.com"
    with serving(elsewhere.environment) as served:
        served.line("postmarket: http")
        assert "Nobody is here yet" not in "".join(served.lines)
        status, page = served.get("/account/login/")
        assert (status, "Sign in" in page) == (200, True)
    with written_to(elsewhere) as acts:
        assert int(acts.readline()) == 1
    (entries,) = elsewhere.inside(VERIFY).splitlines()
    assert int(entries) > before


def test_the_firms_own_policy_comes_back_and_counts(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    """To the byte, and the restored site dates by it."""
    (site.home / "policy.toml").write_text(POLICY, encoding="utf-8")
    elsewhere.restored(site.backed_up(tmp_path / "site.backup"))

    assert (elsewhere.home / "policy.toml").read_text(encoding="utf-8") == POLICY
    assert elsewhere.inside(ACKNOWLEDGES) == "2"


def test_making_and_restoring_leave_their_records(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    """Who reads the trail sees that a copy left the house, and that what they read came out of one."""
    file = site.backed_up(tmp_path / "site.backup")
    elsewhere.restored(file)

    assert site.inside(KINDS) == "backup.made"
    assert elsewhere.inside(KINDS) == "backup.restored"


def test_the_file_is_for_its_owner_alone_and_says_what_is_in_it(site: Site, tmp_path: Path) -> None:
    """Its manifest names every member with its SHA-256; no secret lies in it unsealed."""
    file = site.backed_up(tmp_path / "site.backup")
    secret = (site.home / "keys" / "site.secret").read_bytes()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret not in file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {member["name"] for member in manifest["members"]} == set(archive.namelist()) - {"manifest.json"}
    assert datetime.fromisoformat(manifest["made_at"]).tzinfo is not None
    assert manifest["keys"] is True
    assert not [path for path in tmp_path.iterdir() if ".part" in path.name]


def test_nobody_goes_on_as_somebody_who_was_signed_in(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    """Sessions stay out of backups."""
    site.inside(
        "from datetime import UTC, datetime; from django.contrib.sessions.models import Session\n"
        "Session.objects.create(session_key='k' * 32, session_data='x', expire_date=datetime.now(UTC))"
    )
    elsewhere.restored(site.backed_up(tmp_path / "site.backup"))

    count = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
    assert (site.inside(count), elsewhere.inside(count)) == ("1", "0")


def test_without_its_keys_a_site_verifies_and_goes_on_under_a_new_one(
    site: Site, elsewhere: Site, tmp_path: Path
) -> None:
    """What the old key signed is still known: its public half came along under a name of its own."""
    file = site.backed_up(tmp_path / "site.backup", "--without-keys")
    ended = elsewhere.restored(file, "--without-keys")

    assert ended.returncode == 0
    assert "The secret keys were not restored" in ended.stdout
    assert not (elsewhere.home / "keys" / "records.key").exists()
    with written_to(elsewhere) as acts:
        acts.readline()
    (entries,) = elsewhere.inside(VERIFY).splitlines()
    assert int(entries) > 0


def test_what_was_not_whole_is_restored_as_it_was_and_told(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    """A backup of damaged records is still the best there is: it comes back, exit 6, with the place named."""
    (kept,) = (site.home / "evidence").glob("*/*.zst")
    kept.unlink()
    ended = elsewhere.restored(site.backed_up(tmp_path / "site.backup"))

    assert ended.returncode == 6
    assert "What this record rests on cannot be shown." in ended.stdout
    assert "they are not whole" in ended.stdout.splitlines()[-1]
    assert elsewhere.inside(PEOPLE) == "ada@example.com"


def test_settings_to_set_again_are_said_and_secret_ones_only_named(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    """The time zone as it was; of the webhook's address only that there was one."""
    more = {"POSTMARKET_TIME_ZONE": "America/Chicago", "POSTMARKET_ANCHOR_WEBHOOK": "https://example.com/hook-secret"}
    file = tmp_path / "site.backup"
    (tmp_path / "site.passphrase").write_text("correct horse battery staple")
    from tests.cli.serving import ran

    assert (
        ran(site.environment | more, "backup", file, "--passphrase-file", tmp_path / "site.passphrase").returncode == 0
    )
    said = elsewhere.restored(file).stdout

    assert "POSTMARKET_TIME_ZONE='America/Chicago'" in said
    assert "POSTMARKET_ANCHOR_WEBHOOK" in said
    assert b"hook-secret" not in file.read_bytes()


def test_an_embedded_site_without_any_setting(tmp_path: Path) -> None:
    """Only a home: the database comes to lie in it, and nothing else does."""
    site, new = Site(tmp_path / "home"), Site(tmp_path / "new")
    site.fill()
    ended = new.restored(site.backed_up(tmp_path / "site.backup"))

    assert ended.returncode == 0
    assert {path.name for path in new.home.iterdir()} == {"anchors", "evidence", "keys", "postmarket.sqlite3"}
    assert new.inside(PEOPLE) == "ada@example.com"
