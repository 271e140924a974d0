"""A kept SBOM is read: its components, its quality, which one is current, what the version is made of now."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tempfile
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from postmarket import tasks
from postmarket.inventory import hooks
from postmarket.inventory.models import Component, Listing, Sbom
from postmarket.inventory.services.listings import rebuild_listings
from postmarket.inventory.services.sboms.reading import read_received, unpack
from postmarket.inventory.store import store
from postmarket.records import evidence
from postmarket.records.models import Entry
from postmarket.sbom.reading import read
from postmarket.worklist.assemble import listed
from tests.inventory.given import (
    LODASH,
    NOW,
    OPENSSL,
    ZLIB,
    component,
    cyclonedx,
    device,
    names,
    receive,
    uploaded,
    version,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def heard() -> Iterator[list[tuple[list[int], datetime]]]:
    """What a listener heard."""
    said: list[tuple[list[int], datetime]] = []

    def listener(versions: Collection[int], now: datetime) -> None:
        said.append((list(versions), now))

    hooks.on_listing_changed(listener)
    yield said
    hooks.forget_listing_listener(listener)


def test_what_was_read_is_kept_whole_and_by_component() -> None:
    """The Bom as it was read, and each component as its SBOM writes it."""
    sbom = uploaded(
        version(),
        component("zlib", "1.2.13", purl="pkg:generic/zlib@1.2.13", supplier={"name": "zlib project"}),
    )

    assert unpack(sbom).components[0].purl == "pkg:generic/zlib@1.2.13"
    row = Component.objects.get()
    assert (row.name, row.version_text, row.supplier) == ("zlib", "1.2.13", "zlib project")
    assert (sbom.format, sbom.spec_version, sbom.component_count) == ("CycloneDX JSON", "1.6", 1)
    assert sbom.made_on == date(2026, 11, 1)


def test_what_an_sbom_says_it_is_about_is_kept_for_its_currency() -> None:
    """Name, version and SHA-256 of the subject."""
    subject = {
        "type": "device",
        "name": "Corvid ventilator",
        "version": "3.2",
        "hashes": [{"alg": "SHA-256", "content": "ab" * 32}],
    }
    sbom = receive(version(), cyclonedx(OPENSSL, subject=subject), at_once=True).sbom

    assert (sbom.subject_name, sbom.subject_version) == ("Corvid ventilator", "3.2")
    assert sbom.subject_sha256 == "ab" * 32
    assert [row.name for row in Component.objects.all()] == ["openssl"]


def test_a_subject_that_is_a_known_product_is_matched_too() -> None:
    """A device that is a whole operating system lists itself with a CPE."""
    subject = {
        "type": "operating-system",
        "name": "vxworks",
        "version": "7",
        "cpe": "cpe:2.3:o:windriver:vxworks:7:*:*:*:*:*:*:*",
    }
    of = version()
    receive(of, cyclonedx(OPENSSL, subject=subject), at_once=True)

    assert names(of) == ["openssl 3.0.7", "vxworks 7"]
    assert Component.objects.get(name="vxworks").position == -1


def test_the_newest_that_could_be_read_is_current_whatever_order_they_are_read_in() -> None:
    """Two workers may finish in the wrong order."""
    of = version()
    first = receive(of, cyclonedx(OPENSSL)).sbom
    second = receive(of, cyclonedx(ZLIB), at=LATER).sbom

    read_received(second.pk, now=LATER)
    read_received(first.pk, now=LATER)

    assert list(Sbom.objects.filter(is_current=True)) == [second]
    assert names(of) == ["zlib 1.2.13"]
    assert first.components.count() == 1


def test_the_listing_follows_the_current_sbom_and_listeners_hear_of_it(
    heard: list[tuple[list[int], datetime]],
) -> None:
    """So monitoring matches again, without the inventory knowing it."""
    of = version()
    uploaded(of, OPENSSL, ZLIB)
    uploaded(of, OPENSSL, LODASH, at=LATER)

    assert names(of) == ["lodash 4.17.20", "openssl 3.0.7"]
    assert heard == [([of.pk], NOW), ([of.pk], LATER)]


def test_an_sbom_that_lists_the_same_is_no_change_of_the_listing(heard: list[tuple[list[int], datetime]]) -> None:
    """Nothing is matched again for a new timestamp."""
    of = version()
    uploaded(of, OPENSSL)
    receive(of, cyclonedx(OPENSSL, made="2026-11-20T10:00:00Z"), at=LATER)
    tasks.run_due(now=LATER)

    assert len(heard) == 1
    assert Listing.objects.count() == 1


def test_a_listener_that_fails_takes_the_reading_with_it(heard: list[tuple[list[int], datetime]]) -> None:
    """What it would have enqueued belongs to the same transaction; the task is tried again."""

    def fails(versions: Collection[int], now: datetime) -> None:
        raise OSError("the queue is away")

    hooks.on_listing_changed(fails)
    try:
        sbom = uploaded(version(), OPENSSL)
    finally:
        hooks.forget_listing_listener(fails)

    assert sbom.state == "received"
    assert not Component.objects.exists()
    tasks.run_due(now=NOW + timedelta(minutes=1))
    sbom.refresh_from_db()
    assert sbom.state == "read"


def test_components_play_the_role_the_devices_rules_give_them() -> None:
    """The device's own rules, and again when they change."""
    pump = device("Pump", roles=[{"pattern": "openssl*", "role": "workflow", "why": "TLS to the gateway"}])
    of = version("1", of=pump)
    uploaded(of, OPENSSL, ZLIB)
    roles = dict(Listing.objects.values_list("identity__name", "role"))
    assert roles == {"openssl": "workflow", "zlib": "unknown"}

    pump.roles = [{"pattern": "zlib", "role": "therapy", "why": "inside the firmware loader"}]
    pump.save()
    changes = rebuild_listings([of], now=LATER)

    assert len(changes[of.pk].role_changed) == 2
    assert dict(Listing.objects.values_list("identity__name", "role")) == {
        "openssl": "unknown",
        "zlib": "therapy",
    }


def test_one_identity_listed_twice_is_listed_once() -> None:
    """Two copies of a library in one image are matched once."""
    of = version()
    uploaded(of, OPENSSL, {**OPENSSL, "bom-ref": "again"})

    assert Component.objects.count() == 2
    assert names(of) == ["openssl 3.0.7"]


def test_quality_is_kept_by_every_profile() -> None:
    """As it was when it was read."""
    sbom = uploaded(version(), OPENSSL)

    kept = {row.profile: row for row in sbom.qualities.all()}
    assert set(kept) == {"seed", "fda", "ntia", "cisa-2025-draft"}
    assert kept["ntia"].score < 100
    assert kept["ntia"].rules["ntia.supplier"] == [0, 1]


def test_a_reading_leaves_one_record_with_its_counts_and_the_hash_of_what_changed() -> None:
    """Machine results are audited once per run; the list of changes is evidence."""
    uploaded(version(), OPENSSL, ZLIB)

    said = json.loads(bytes(Entry.objects.get(kind="sbom.read").content))
    assert said["actor"]["kind"] == "machine"
    assert said["detail"]["counts"]["added"] == 2
    changes = json.loads(b"".join(evidence.read(said["detail"]["changes_sha256"])))
    assert len(changes["added"]) == 2


def test_identities_are_in_the_vulnerability_store_of_the_same_database() -> None:
    """Kept on Django's connection, in the same transaction."""
    uploaded(version(), OPENSSL, LODASH)

    found = store().execute("SELECT name FROM identity_name ORDER BY name").fetchall()
    assert ("a:openssl:openssl",) in found
    assert ("npm/lodash",) in found


@pytest.mark.parametrize("packed", [True, False])
def test_a_packed_sbom_is_unpacked(packed: bool) -> None:
    """Pipelines send gzip, or a release's archive with one SBOM in it."""
    content = cyclonedx(OPENSSL)
    if packed:
        content, name = gzip.compress(content), "sbom.json.gz"
    else:
        content, name = _tar(("release/sbom.json", content), ("release/README", b"hello")), "release.tar"

    assert receive(version(), content, file_name=name, at_once=True).sbom.state == "read"


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (gzip.compress(b"\0" * 40_000_000), "bomb.json.gz", "bomb"),
        (b"PK\x03\x04rubbish", "broken.zip", "zip"),
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.6"', "cut.json", "cut.json"),
        (b'{"document": {"csaf_version": "2.0"}}', "vex.json", "supplier's VEX"),
        (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><bom/>", "entity.xml", "entity.xml"),
    ],
)
def test_what_is_no_sbom_is_refused_in_one_line_that_names_the_file(content: bytes, name: str, why: str) -> None:
    """Never a place of this machine, never a trace, and never tried again."""
    received = receive(version(), content, file_name=name)
    assert [outcome.value for outcome in tasks.run_due(now=NOW)] == ["done"]
    received.sbom.refresh_from_db()

    assert received.sbom.state == "refused"
    assert why.lower() in received.sbom.refused_why.lower()
    assert received.sbom.refused_why.startswith(name)
    assert tempfile.gettempdir() not in received.sbom.refused_why
    assert "\n" not in received.sbom.refused_why


def test_two_sboms_in_an_archive_are_refused() -> None:
    """Which of them is the version's cannot be told."""
    content = _tar(("a.json", cyclonedx(OPENSSL)), ("b.json", cyclonedx(ZLIB)))
    sbom = receive(version(), content, file_name="two.tar", at_once=True).sbom

    assert sbom.refused_why == "two.tar: it holds 2 SBOMs. Send the one SBOM of this version."


def test_characters_no_database_takes_are_replaced() -> None:
    """PostgreSQL has no NUL; the component is kept all the same."""
    uploaded(version(), component("zl\0ib", "1.2.13"))

    assert Component.objects.get().name == "zl\ufffdib"


@pytest.mark.corpus
def test_real_sboms_are_stored_as_the_reader_reads_them(shared_data: Path) -> None:
    """A sample of every kind from the corpus: each is stored with all its components, or refused in one line."""
    refused = 0
    for number, (name, content) in enumerate(_corpus(shared_data)):
        sbom = receive(version(str(number)), content, file_name=name, at_once=True).sbom
        if sbom.state == "received":
            sbom = read_received(sbom.pk, now=NOW)
        if sbom.state == "refused":
            refused += 1
            assert sbom.refused_why.startswith(Path(name).name)
            continue
        assert sbom.components.count() == sbom.component_count == len(listed(read(content, name=name)))
    assert number > 20
    assert refused < number / 2


def _corpus(shared_data: Path, every: int = 9) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(shared_data / "sboms" / "real-sboms.tar.xz") as archive:
        files = [member for member in archive if member.isfile() and member.size < 400_000]
        for member in files[::every]:
            file = archive.extractfile(member)
            assert file is not None
            content = file.read()
            if content:
                yield member.name, content


def _tar(*files: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in files:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()
