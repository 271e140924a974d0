"""What is refused, in one clear line, with nothing left behind."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.backup.sites import Site

Contents = dict[str, bytes]


@pytest.fixture
def made(whole: Path, tmp_path: Path) -> Path:
    """A backup that could be restored, to be spoilt."""
    copy = tmp_path / "site.backup"
    copy.with_suffix(".passphrase").write_bytes(whole.with_suffix(".passphrase").read_bytes())
    copy.write_bytes(whole.read_bytes())
    return copy


def contents(file: Path) -> Contents:
    """The members of a backup."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(file: Path, members: Contents, *, packed: int = zipfile.ZIP_STORED) -> None:
    """A zip of these members in place of the backup."""
    with zipfile.ZipFile(file, "w", packed) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def told(members: Contents) -> Contents:
    """The members with a manifest that fits them: what somebody would write who means harm."""
    manifest = json.loads(members["manifest.json"])
    others = {name: content for name, content in members.items() if name != "manifest.json"}
    known = {member["name"]: member for member in manifest["members"]}
    manifest["members"] = [
        known.get(name, {"unpacked": len(content)})
        | {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in others.items()
    ]
    return others | {"manifest.json": json.dumps(manifest).encode()}


def refused(ended: CompletedProcess[str], where: Site) -> str:
    """The one line of a refusal that left nothing behind."""
    assert (ended.returncode, ended.stdout) == (5, "")
    assert ended.stderr.startswith("postmarket: ")
    assert ended.stderr.count("\n") == 1
    assert not where.home.exists()
    if where.address.startswith("sqlite"):
        assert not list(Path(where.address.removeprefix("sqlite:///")).parent.iterdir())
    else:
        tables = "from django.db import connection; print(len(connection.introspection.table_names()))"
        assert where.inside(tables) == "0"
    return ended.stderr


def altered(members: Contents) -> Contents:
    """One byte of the evidence is another."""
    name = next(name for name in members if name.startswith("evidence/"))
    content = bytearray(members[name])
    content[-1] ^= 1
    return members | {name: bytes(content)}


def short(members: Contents) -> Contents:
    """A file is gone."""
    name = next(name for name in members if name.startswith("evidence/"))
    return {other: content for other, content in members.items() if other != name}


def another_format(members: Contents) -> Contents:
    """Made by a postmarket to come."""
    manifest = json.loads(members["manifest.json"]) | {"format": "postmarket-backup-9"}
    return members | {"manifest.json": json.dumps(manifest).encode()}


def newer(members: Contents) -> Contents:
    """With a migration that this postmarket does not know."""
    manifest = json.loads(members["manifest.json"])
    manifest["migrations"]["records"].append("9999_from_the_future")
    return members | {"manifest.json": json.dumps(manifest).encode()}


def half_a_database(members: Contents) -> Contents:
    """A manifest that fits a database which is none."""
    import zstandard

    name = next(name for name in sorted(members) if name.startswith("database/"))
    changed = members | {name: zstandard.compress(b"no\tdatabase\n" + b"x" * 5000)}
    found = told(changed)
    manifest = json.loads(found["manifest.json"])
    for member in manifest["members"]:
        if member["name"] == name:
            member["unpacked"] = len(b"no\tdatabase\n") + 5000
    return found | {"manifest.json": json.dumps(manifest).encode()}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (altered, "is not what was backed up: its SHA-256 differs"),
        (short, "is missing"),
        (another_format, "its format is 'postmarket-backup-9'"),
        (newer, "A newer postmarket made this backup"),
        (half_a_database, "This backup cannot be restored: its "),
        (lambda members: members | {"evidence/more.txt": b"x"}, "a backup holds no evidence/more.txt"),
        (lambda members: told(members | {"../../escape": b"x"}), "a backup holds no ../../escape"),
        (lambda members: told(members | {"/etc/escape": b"x"}), "a backup holds no /etc/escape"),
        (lambda members: told(members | {"keys/../../x.pub": b"x"}), "a backup holds no keys/../../x.pub"),
        (lambda members: members | {"manifest.json": b"[" * 90_000}, "its manifest cannot be read"),
        (lambda members: {"manifest.json": b"{}"}, "its format is 'None'"),
        (lambda members: {"readme.txt": b"x"}, "it has no manifest"),
    ],
)
def test_an_archive_that_is_not_what_was_backed_up(
    made: Path, elsewhere: Site, change: Callable[[Contents], Contents], said: str
) -> None:
    """Altered, incomplete, foreign, from the future, or made to write outside its place."""
    write(made, change(contents(made)))

    assert said in refused(elsewhere.restored(made), elsewhere)


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_archive(made: Path, elsewhere: Site, kept: float) -> None:
    """However little is missing."""
    content = made.read_bytes()
    made.write_bytes(content[: int(len(content) * kept)])

    line = refused(elsewhere.restored(made), elsewhere)
    assert ("truncated" if kept else "it is no backup of postmarket") in line


def test_a_member_that_would_grow_without_end(made: Path, elsewhere: Site) -> None:
    """A database of a few kilobytes that unpacks to many megabytes is stopped where its manifest ends."""
    import zstandard

    members = contents(made)
    name = next(name for name in sorted(members) if name.startswith("database/"))
    write(made, told(members | {name: zstandard.compress(b"a\tb\n" + bytes(64 << 20))}))

    assert "larger than its manifest says" in refused(elsewhere.restored(made), elsewhere)


def test_a_zip_that_is_packed_as_no_backup_is(made: Path, elsewhere: Site) -> None:
    """A manifest of deflated gigabytes is not unpacked to be looked at."""
    write(made, contents(made), packed=zipfile.ZIP_DEFLATED)

    assert "its manifest is none of ours" in refused(elsewhere.restored(made), elsewhere)


def test_a_home_with_something_in_it_is_left_alone(made: Path, standing: Site) -> None:
    """Above all the one that is running."""
    before = sorted(standing.home.rglob("*"))
    ended = standing.restored(made)

    assert ended.returncode == 5
    assert "A backup is restored into an empty home only" in ended.stderr
    assert sorted(standing.home.rglob("*")) == before


def test_a_database_with_something_in_it_is_left_alone(made: Path, standing: Site, tmp_path: Path) -> None:
    """An empty home beside a database in use: the usual slip."""
    ended = Site(tmp_path / "fresh", standing.address).restored(made)

    assert ended.returncode == 5
    assert "A backup is restored into an empty database only" in ended.stderr
    assert not (tmp_path / "fresh").exists()
    assert standing.inside("from postmarket.accounts.models import Person; print(Person.objects.count())") == "1"


def test_a_wrong_passphrase(made: Path, elsewhere: Site) -> None:
    """Nothing is restored without the keys unless that was asked for."""
    made.with_suffix(".passphrase").write_text("another sentence altogether")

    assert "The passphrase does not open the keys" in refused(elsewhere.restored(made), elsewhere)


def test_keys_are_left_out_by_choice_only(standing: Site, tmp_path: Path) -> None:
    """Neither a passphrase nor the choice, and no terminal to ask at: no backup. A short passphrase: none either."""
    (tmp_path / "short").write_text("hunter2")

    for more, said in (
        ((), "Nothing says what becomes of the keys"),
        (("--passphrase-file", tmp_path / "short"), "short"),
    ):
        ended = standing.run("backup", tmp_path / "x.backup", *more)
        assert (ended.returncode, ended.stdout, said in ended.stderr) == (5, "", True)
        assert not (tmp_path / "x.backup").exists()


def test_a_backup_replaces_no_file(made: Path, standing: Site) -> None:
    """Yesterday's stays."""
    before = made.read_bytes()
    ended = standing.run("backup", made, "--without-keys")

    assert (ended.returncode, "There is a file of this name already" in ended.stderr) == (5, True)
    assert made.read_bytes() == before


def test_no_site_no_backup(elsewhere: Site, tmp_path: Path) -> None:
    """A mistyped home is not backed up as an empty site."""
    ended = elsewhere.run("backup", tmp_path / "x.backup", "--without-keys")

    assert (ended.returncode, "There is nothing to back up" in ended.stderr) == (5, True)
    assert not (tmp_path / "x.backup").exists()


def test_a_backup_of_the_other_engine_says_where_it_belongs(made: Path, elsewhere: Site) -> None:
    """Each engine's backup goes back to its own."""
    manifest = json.loads(contents(made)["manifest.json"])
    other = "postgresql" if manifest["engine"] == "sqlite" else "sqlite"
    write(made, contents(made) | {"manifest.json": json.dumps(manifest | {"engine": other}).encode()})

    line = refused(elsewhere.restored(made), elsewhere)
    assert f"This backup is of a site on {'SQLite' if other == 'sqlite' else 'PostgreSQL'}" in line
