"""An SBOM comes in: kept before it is read, by whoever may, and the same bytes once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from postmarket import tasks
from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.roles import Role
from postmarket.inventory.errors import WrongSbom
from postmarket.inventory.models import Component, ComponentIdentity, Sbom
from postmarket.inventory.services.sboms import receiving
from postmarket.inventory.services.sboms.receiving import read_again, receive_again
from postmarket.records import evidence
from postmarket.records.models import Entry
from postmarket.tasks.models import Task
from tests.inventory.given import (
    LODASH,
    NOW,
    OPENSSL,
    ZLIB,
    build,
    cyclonedx,
    engineer,
    names,
    receive,
    uploaded,
    version,
)

pytestmark = pytest.mark.django_db


def test_the_bytes_are_evidence_before_anybody_reads_them() -> None:
    """Raw input is kept as it came; the task that reads it is in the same transaction."""
    content = cyclonedx(OPENSSL)
    received = receive(version(), content)

    assert b"".join(evidence.read(received.sbom.evidence_id)) == content
    assert received.is_new
    assert received.sbom.state == "received"
    assert [task.name for task in Task.objects.all()] == ["inventory.read_sbom"]
    assert list(Entry.objects.order_by("number").values_list("kind", flat=True)) == ["evidence.kept", "sbom.received"]


def test_bytes_that_cannot_be_read_are_kept_too() -> None:
    """What was refused can be shown, and asked about."""
    received = receive(version(), b"hello", file_name="hello.txt")
    tasks.run_due(now=NOW)
    received.sbom.refresh_from_db()

    assert received.sbom.state == "refused"
    assert received.sbom.refused_why.startswith("hello.txt: this cannot be read as an SBOM: ")
    assert b"".join(evidence.read(received.sbom.evidence_id)) == b"hello"


def test_a_refused_sbom_leaves_the_current_one_in_place() -> None:
    """A broken export must not empty the version: its components stay monitored."""
    of = version()
    first = uploaded(of, OPENSSL)
    receive(of, b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}', at=NOW + timedelta(hours=1))
    tasks.run_due(now=NOW + timedelta(hours=1))

    refused, current = Sbom.objects.all()
    assert refused.state == "refused"
    assert "lists no component" in refused.refused_why
    assert current == first
    assert current.is_current
    assert names(of) == ["openssl 3.0.7"]


def test_the_same_bytes_again_change_nothing_and_say_so() -> None:
    """A pipeline that runs twice leaves one SBOM."""
    of = version()
    uploaded(of, OPENSSL)
    records = Entry.objects.count()

    again = receive(of, cyclonedx(OPENSSL), at=NOW + timedelta(days=1))

    assert not again.is_new
    assert again.words.endswith("received on 2026-11-24. Nothing was changed.")
    assert Sbom.objects.count() == 1
    assert Entry.objects.count() == records
    assert not Task.objects.filter(state="waiting").exists()


def test_the_bytes_of_an_older_sbom_are_a_new_one() -> None:
    """A version that goes back to what it was says so: its history has three SBOMs, and the last is current."""
    of = version()
    uploaded(of, OPENSSL)
    uploaded(of, ZLIB, at=NOW + timedelta(hours=1))
    back = uploaded(of, OPENSSL, at=NOW + timedelta(hours=2))

    assert Sbom.objects.count() == 3
    assert back.is_current
    assert names(of) == ["openssl 3.0.7"]


def test_the_same_bytes_for_another_build_are_kept_for_it() -> None:
    """Otherwise a build that changes no component would stand as a build without an SBOM."""
    of = version()
    uploaded(of, OPENSSL, build=build(of, "b1"))
    second = uploaded(of, OPENSSL, build=build(of, "b2"))

    assert second.build is not None
    assert second.build.label == "b2"
    assert second.is_current


def test_a_build_of_another_version_is_refused() -> None:
    """An SBOM belongs to one version."""
    with pytest.raises(WrongSbom, match="no build of"):
        receive(version("3.2"), cyclonedx(OPENSSL), build=build(version("3.3")))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REGULATORY_AFFAIRS, Role.ADMINISTRATOR])
def test_who_may_not_upload_leaves_nothing_behind(role: Role) -> None:
    """Asked before the bytes are kept."""
    with pytest.raises(NotAllowed):
        receive(version(), cyclonedx(OPENSSL), by=engineer(role=role))

    assert not Sbom.objects.exists()
    assert not Entry.objects.exists()


def test_an_empty_and_a_huge_file_are_refused_at_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do."""
    monkeypatch.setattr(receiving, "MOST_BYTES", 1000)
    huge = tmp_path / "huge.json"
    huge.write_bytes(b" " * 1001)
    with pytest.raises(WrongSbom, match="1,001 bytes"):
        receive(version("1"), huge)
    with pytest.raises(WrongSbom, match="empty"):
        receive(version("2"), b"")


def test_a_small_one_may_be_read_at_once() -> None:
    """The same code, without waiting for a worker; the task that comes later finds it done."""
    of = version()
    received = receive(of, cyclonedx(OPENSSL, ZLIB), at_once=True)

    assert received.words == "Read: 2 components."
    assert names(of) == ["openssl 3.0.7", "zlib 1.2.13"]
    of_people = Entry.objects.exclude(actor_id="monitoring")
    records = of_people.count()
    assert {outcome.value for outcome in tasks.run_due(now=NOW)} == {"done"}
    assert of_people.count() == records


def test_a_large_one_waits_for_its_task_even_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits at a page for a large file."""
    monkeypatch.setattr(receiving, "AT_ONCE_BYTES", 10)
    assert receive(version(), cyclonedx(OPENSSL), at_once=True).words == "Kept; it is read next."


def test_a_refused_one_is_read_again_when_somebody_asks() -> None:
    """A later postmarket may read what an earlier could not."""
    of = version()
    sbom = receive(of, b"hello").sbom
    tasks.run_due(now=NOW)
    sbom.refresh_from_db()

    read_again(by=engineer(), sbom=sbom, why="postmarket was upgraded.", now=NOW)
    sbom.refresh_from_db()
    assert sbom.state == "received"
    tasks.run_due(now=NOW)
    sbom.refresh_from_db()
    assert sbom.state == "refused"


def test_one_that_was_read_is_not_read_again() -> None:
    """There is nothing to mend."""
    with pytest.raises(WrongSbom, match="not refused"):
        read_again(by=engineer(), sbom=uploaded(version(), OPENSSL), why="Just so.", now=NOW)


def test_components_of_several_sboms_share_their_identity() -> None:
    """Matched once, decided once: however many versions list it."""
    uploaded(version("1"), OPENSSL, LODASH)
    uploaded(version("2"), OPENSSL, ZLIB)

    assert ComponentIdentity.objects.count() == 3
    assert Component.objects.count() == 4
    assert all(row.match_id for row in ComponentIdentity.objects.all())


def test_an_earlier_sbom_is_made_current_again_from_its_kept_bytes() -> None:
    """The version is made of what it lists; the record says who wanted it and why, and nothing that came is lost."""
    of, by = version(), engineer()
    first = uploaded(of, OPENSSL)
    wrong = uploaded(of, LODASH, at=NOW + timedelta(hours=1))
    again = receive_again(by=by, sbom=first, why="The other one was of another device.", now=NOW + timedelta(hours=2))

    assert again.is_new
    assert again.sbom.is_current
    assert again.sbom.evidence_id == first.evidence_id
    assert names(of) == ["openssl 3.0.7"]
    assert Sbom.objects.filter(version=of).count() == 3
    wrong.refresh_from_db()
    assert not wrong.is_current
    entry = Entry.objects.filter(kind="sbom.received").order_by("-number")[0]
    assert entry.said is not None
    assert (entry.said.actor, entry.said.why) == (by.actor, "The other one was of another device.")


def test_what_is_current_or_was_never_read_is_not_made_current_again() -> None:
    """Nor by who may not upload."""
    of = version()
    first, refused = uploaded(of, OPENSSL), receive(of, b"hello", at_once=True).sbom
    for one in (first, refused):
        with pytest.raises(WrongSbom):
            receive_again(by=engineer(), sbom=one, why="So.", now=NOW)
    uploaded(of, LODASH, at=NOW + timedelta(hours=1))
    first.refresh_from_db()
    with pytest.raises(NotAllowed):
        receive_again(by=engineer(role=Role.AUDITOR), sbom=first, why="So.", now=NOW)
