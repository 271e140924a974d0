"""Anchors leave the house: into a folder, by mail, to another system; what fails is recorded and told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core import mail
from pytest_django.fixtures import Settings

from postmarket.records import anchoring
from postmarket.records.alerts import Alert, AlertKind
from postmarket.records.anchors.folder import Folder
from postmarket.records.anchors.interface import read, read_file
from postmarket.records.errors import AnchorTrouble
from postmarket.records.keys import trusted
from postmarket.records.models import Entry, Head
from postmarket.records.problems import Fault
from postmarket.records.verifying import Verification
from tests.records.attacker import found
from tests.records.builders import NOON, record, story

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=30)


@dataclass
class Other:
    """Another system that takes anchors: what it was sent, and what it answers."""

    url: str
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answer: int = 200


@pytest.fixture
def other() -> Iterator[Other]:
    """A real server on this machine."""
    system = Other("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            system.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            system.headers.append(dict(self.headers))
            self.send_response(system.answer)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        system.url = f"http://127.0.0.1:{server.server_port}/take?secret=abc"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield system
        server.shutdown()


def test_an_anchor_goes_into_the_folder_signed_and_read_only() -> None:
    """It names chain, length, last hash and time; the entry after it says that it was made."""
    story(3)
    done = anchoring.anchor_now(now=LATER)

    (file,) = anchoring.anchor_folder().files()
    assert file.name == "20261124T123000Z-000000003.anchor.json"
    assert file.stat().st_mode & 0o777 == 0o444
    assert read_file(file) == done.anchor
    assert done.anchor.number == 3
    assert done.anchor.is_signed_by(trusted(site.POSTMARKET_HOME))
    assert done.kept
    assert Entry.objects.get(number=4).kind == "anchor.made"
    assert found(now=LATER) == []


def test_one_that_is_there_stays_as_it_is() -> None:
    """An anchor is never overwritten."""
    story(3)
    folder = anchoring.anchor_folder()
    done = anchoring.anchor_now(now=LATER)
    (file,) = folder.files()
    file.chmod(0o600)
    file.write_text("somebody's")

    folder.deliver(done.anchor)
    assert file.read_text() == "somebody's"


def test_an_anchor_goes_by_mail_with_how_to_use_it(settings: Settings) -> None:
    """The attachment is the anchor; the words repeat it."""
    settings.ANCHOR_MAIL = ["quality@maker.example", "archive@maker.example"]
    story(3)
    done = anchoring.anchor_now(now=LATER)

    (message,) = mail.outbox
    assert message.to == ["quality@maker.example", "archive@maker.example"]
    (attached,) = message.attachments
    assert isinstance(attached, tuple)
    name, content = attached[0], attached[1]
    assert read(content if isinstance(content, bytes) else str(content).encode(), name=str(name)) == done.anchor
    assert done.anchor.hash.hex() in message.body
    assert f"postmarket records verify --anchor {name}" in message.body


def test_an_anchor_goes_to_another_system(settings: Settings, other: Other) -> None:
    """The body is the anchor file; records name the host alone, since the address may hold a secret."""
    settings.ANCHOR_WEBHOOK = other.url
    story(3)
    done = anchoring.anchor_now(now=LATER)

    assert read(other.bodies[0], name="body") == done.anchor
    assert other.headers[0]["Postmarket-Signature"] == f"ed25519={done.anchor.signature.hex()}"
    said = bytes(Entry.objects.get(number=4).content)
    assert b"webhook at 127.0.0.1" in said
    assert b"secret" not in said


@pytest.mark.parametrize("answer", [302, 404, 500])
def test_a_destination_that_fails_is_recorded_and_told_and_stops_no_other(
    settings: Settings, other: Other, told: list[Alert], answer: int
) -> None:
    """Whatever is not a success, a redirect too; the folder has the anchor all the same."""
    settings.ANCHOR_WEBHOOK = other.url
    other.answer = answer
    story(3)
    done = anchoring.anchor_now(now=LATER)

    assert done.kept
    assert [one.destination for one in done.troubles] == ["webhook at 127.0.0.1"]
    assert [alert.kind for alert in told] == [AlertKind.ANCHORING_FAILED]
    assert f"it answered {answer}" in told[0].text
    deliveries = json.loads(bytes(Entry.objects.get(number=4).content))["detail"]["deliveries"]
    assert [bool(one["trouble"]) for one in deliveries] == [False, True]


def test_nobody_listening_a_mail_server_that_is_down_and_a_full_folder_are_each_said(
    settings: Settings, tmp_path: Path, told: list[Alert]
) -> None:
    """All three at once: the anchor reached nobody, and that is what the record says."""
    blocked = tmp_path / "a file"
    blocked.write_text("")
    settings.ANCHOR_FOLDER = blocked
    settings.ANCHOR_MAIL = ["quality@maker.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.ANCHOR_WEBHOOK = "http://127.0.0.1:1/"
    story(3)
    done = anchoring.anchor_now(now=LATER)

    assert not done.kept
    assert len(done.troubles) == len(told) == 3
    assert Entry.objects.get(number=4).kind == "anchor.made"


@pytest.mark.parametrize(
    "address", ["http://maker.example/anchors", "ftp://maker.example", "maker.example", "https://[::1", "https://"]
)
def test_an_unsafe_address_is_a_failed_delivery_like_any_other(
    settings: Settings, told: list[Alert], address: str
) -> None:
    """A slip in one setting does not keep the anchor from the folder."""
    settings.ANCHOR_WEBHOOK = address
    story(1)
    done = anchoring.anchor_now(now=LATER)

    assert done.kept
    assert "https" in told[0].text
    assert anchoring.anchor_folder().files()


def test_entries_that_no_anchor_covers_within_a_day_are_found() -> None:
    """Two hours of grace; anchoring mends it; an anchor's own record needs none."""
    story(3)
    assert found(now=NOON + timedelta(hours=26)) == []
    assert found(now=NOON + timedelta(hours=27)) == [(Fault.ANCHOR_MISSING, 1, 3)]

    anchoring.anchor_now(now=NOON + timedelta(hours=27))
    assert found(now=NOON + timedelta(days=90)) == []


def test_an_anchor_of_another_chain_covers_nothing(tmp_path: Path) -> None:
    """However long that chain is."""
    story(3)
    anchoring.anchor_now(now=LATER)
    (file,) = anchoring.anchor_folder().files()
    real = read_file(file)
    from postmarket.records import heads
    from postmarket.records.keys import signing_key

    key = signing_key(site.POSTMARKET_HOME)
    strange = heads.sign(key, chain="f" * 32, number=10_000, hash_=real.hash, at=LATER)
    file.unlink()
    elsewhere = Folder(tmp_path / "elsewhere")
    elsewhere.deliver(strange)

    assert found(now=NOON + timedelta(days=3), anchor_files=elsewhere.files()) == [
        (Fault.ANCHOR_MISSING, 1, 4),
        (Fault.ANCHOR_TAKEN, 4, 4),
        (Fault.OTHER_CHAIN, 10_000, None),
    ]


def test_anchors_taken_out_of_their_folder_are_missed() -> None:
    """The entries say that they were put there; all of them are one finding."""
    for day in range(3):
        record(at=NOON + timedelta(days=day))
        anchoring.anchor_now(now=NOON + timedelta(days=day, minutes=1))
    first, second, _ = anchoring.anchor_folder().files()
    first.unlink()
    second.unlink()

    (problem,) = Verification(now=NOON + timedelta(days=2, hours=1)).problems()
    assert (problem.fault, problem.first, problem.last) == (Fault.ANCHOR_TAKEN, 2, 4)
    assert "2 anchors" in problem.what


def test_an_anchor_that_was_altered_or_is_none_proves_nothing_and_is_named() -> None:
    """In the folder: a finding with the file's name."""
    story(3)
    anchoring.anchor_now(now=LATER)
    (file,) = anchoring.anchor_folder().files()
    said = file.read_bytes()
    file.unlink()
    file.write_bytes(said.replace(b'"number":3', b'"number":2'))
    (file.parent / "x.anchor.json").write_text("[]")

    lines = [problem.line() for problem in Verification(now=LATER).problems()]
    assert len(lines) == 3
    assert any("the anchor x.anchor.json: " in line for line in lines)
    assert any(f"the anchor {file.name}: its signature does not fit" in line for line in lines)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "another"}', "[" * 20_000, "x" * 20_000])
def test_a_file_given_as_anchor_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    """Named, with the reason; a look that was asked for and cannot be taken is no clean bill."""
    file = tmp_path / "mine.json"
    file.write_text(content)
    with pytest.raises(AnchorTrouble, match=r"mine\.json"):
        list(Verification(now=NOON, anchor_files=[file]).problems())


def test_an_investigator_trusts_only_the_key_they_were_given(tmp_path: Path) -> None:
    """Their own copy of the public key, not what lies beside the database."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    story(3)
    ours = site.POSTMARKET_HOME / "keys" / "records.pub"
    theirs = tmp_path / "given.pub"
    public = Ed25519PrivateKey.generate().public_key()
    theirs.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))

    assert found(public_keys=[ours]) == []
    assert found(public_keys=[theirs]) == [(Fault.HEAD_UNSIGNED, 3, None)]
    assert found(public_keys=[theirs, ours]) == []


def test_an_empty_chain_can_be_anchored() -> None:
    """A new installation, before anything happened."""
    anchoring.anchor_now(now=NOON)

    assert Head.objects.get().number == 1
    assert found(now=NOON) == []
