"""A pipeline sends the SBOM of a build: what arrives is a development version, never a device."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from postmarket import tasks
from postmarket.accounts.models import ApiToken, DeviceLine
from postmarket.accounts.scopes import Scope
from postmarket.accounts.services.tokens import revoke_token
from postmarket.api import limits, uploads
from postmarket.api.clock import now
from postmarket.api.routes import sboms
from postmarket.inventory.models import Device, DeviceProposal, DeviceVersion, Sbom
from postmarket.inventory.services.proposals import reject_proposal
from postmarket.inventory.words import VersionState
from postmarket.records import evidence
from tests.api.asking import SBOMS, ask, send, send_form, token
from tests.inventory.builders import manager
from tests.inventory.given import LODASH, OPENSSL, ZLIB, cyclonedx, device, engineer, names, version

pytestmark = pytest.mark.django_db

CONTENT = cyclonedx(OPENSSL, ZLIB)
VENTILATOR = {"device": "Corvid ventilator", "version": "3.3"}


def test_the_sbom_of_a_release_becomes_a_version_in_development_and_its_status_says_what_was_read() -> None:
    """The article's "automating SBOM updates with every software release": one request, and a place to ask."""
    device()
    key = token()
    sent = send(CONTENT, by=key, **VENTILATOR, build="1842", sha256="ab" * 32)

    assert sent.status == 202
    assert (sent.body["is_new"], sent.body["state"]) == (True, "received")
    assert sent.headers["Location"] == sent.body["status_url"] == f"{SBOMS}/{sent.body['sbom']}"
    made = DeviceVersion.objects.get()
    assert (made.label, made.state) == ("3.3", VersionState.DEVELOPMENT.value)

    tasks.run_due(now=now())
    status = ask(sent.body["status_url"], by=key)
    assert status.status == 200
    assert (status.body["state"], status.body["components"], status.body["is_current"]) == ("read", 2, True)
    assert {one["profile"] for one in status.body["quality"]} == {"seed", "fda", "ntia", "cisa-2025-draft"}
    assert (status.body["device"], status.body["version"], status.body["build"]) == ("Corvid ventilator", "3.3", "1842")
    assert names(made) == ["openssl 3.0.7", "zlib 1.2.13"]


def test_an_unknown_device_makes_a_proposal_and_no_device() -> None:
    """A person decides; the status says so until then, and after."""
    key = token()
    sent = send(CONTENT, by=key, device="Nobody's pump", version="1.0")

    assert sent.status == 202
    assert "a person decides" in sent.body["words"]
    assert not Device.objects.exists()
    assert b"".join(evidence.read(DeviceProposal.objects.get().evidence_id)) == CONTENT

    reject_proposal(by=manager(), proposal=DeviceProposal.objects.get(), why="A test device.", now=now())
    asked = ask(sent.body["status_url"], by=key)
    assert asked.body["state"] == "rejected"
    assert asked.body["words"] == "A person rejected it: A test device."


def test_device_and_version_may_be_named_by_id() -> None:
    """Names change; ids do not. A name that is a number goes before an id."""
    of = version("3.2")
    by_id = send(CONTENT, by=token(), device=str(of.device_id), version=str(of.pk))

    assert (by_id.status, by_id.body["version"]) == (202, "3.2")


def test_a_form_has_the_file_beside_its_fields() -> None:
    """`curl -F`, as pipelines write it."""
    device()
    sent = send_form(VENTILATOR, ("sbom", "bom.json", CONTENT), by=token())

    assert sent.status == 202
    assert Sbom.objects.get().file_name == "bom.json"


def test_a_packed_body_is_taken_and_unpacked() -> None:
    """What is kept is what came."""
    device()
    packed = gzip.compress(CONTENT)
    send(packed, by=token(), content_type="application/gzip", **VENTILATOR)
    tasks.run_due(now=now())

    sbom = Sbom.objects.get()
    assert sbom.state == "read"
    assert b"".join(evidence.read(sbom.evidence_id)) == packed


def test_the_same_again_is_not_new() -> None:
    """A pipeline that is run again gets 200 and the same SBOM."""
    device()
    key = token()
    first = send(CONTENT, by=key, **VENTILATOR, build="1842")
    again = send(CONTENT, by=key, **VENTILATOR, build="1842")

    assert (again.status, again.body["is_new"], again.body["sbom"]) == (200, False, first.body["sbom"])
    assert Sbom.objects.count() == 1


def test_a_refused_sbom_says_why_where_it_is_asked_for() -> None:
    """The pipeline can show it."""
    device()
    key = token()
    sent = send(b"hello", by=key, **VENTILATOR)
    tasks.run_due(now=now())

    status = ask(sent.body["status_url"], by=key)
    assert status.body["state"] == "refused"
    assert status.body["refused_why"].startswith("sbom.json: this cannot be read as an SBOM")


def test_what_is_in_the_field_is_not_changed_by_a_machine() -> None:
    """A shipped version keeps its SBOM; the problem says what to do."""
    version("3.2", state=VersionState.SHIPPED.value)
    sent = send(CONTENT, by=token(), device="Corvid ventilator", version="3.2")

    assert sent.status == 409
    assert sent.headers["Content-Type"] == "application/problem+json"
    assert sent.body["title"] == "Corvid ventilator 3.2 is shipped"
    assert sent.body["next_step"].startswith("Send it for the next version")
    assert not Sbom.objects.exists()


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"device": "Corvid ventilator"}, "version"),
        ({"version": "3.3"}, "device"),
        ({**VENTILATOR, "built_at": "2026-11-24T09:00:00"}, "built_at"),
        ({**VENTILATOR, "built_at": "yesterday"}, "built_at"),
        ({**VENTILATOR, "build": "1", "sha256": "abc"}, "sha256"),
        ({**VENTILATOR, "build": "1", "built_at": "2999-01-01T00:00:00Z"}, "built at"),
    ],
)
def test_what_is_missing_or_wrong_is_named(query: dict[str, str], where: str) -> None:
    """422 with what, where and what to do; nothing is kept of it."""
    device()
    sent = send(CONTENT, by=token(), **query)

    assert (sent.status, sent.body["where"].lower().replace("-", "")) == (422, where)
    assert sent.body["title"]
    assert not Sbom.objects.exists()


def test_no_token_a_wrong_one_and_one_that_is_over_are_let_in_nowhere() -> None:
    """401, each time with what to do; a browser that is signed in is asked for a token too."""
    person = engineer()
    gone = token(by=person)
    revoke_token(by=person, token=ApiToken.objects.get(), why="Lost.", now=now())
    for text in ("", "pm_wrong", token()[:-1] + "0", gone):
        sent = send(CONTENT, by=text, **VENTILATOR)
        assert (sent.status, sent.headers["WWW-Authenticate"]) == (401, 'Bearer realm="postmarket"')
        assert sent.body["next_step"]
    short = token(holds=timedelta(days=1))
    with time_machine.travel(now() + timedelta(days=2)):
        assert "expired" in send(CONTENT, by=short, **VENTILATOR).body["title"]
    browser = Client()
    browser.force_login(person)
    assert browser.put(f"{SBOMS}?device=a&version=1", CONTENT).status_code == 401


def test_a_token_for_something_else_or_for_another_line_is_refused() -> None:
    """403; the problem names the scope that is needed."""
    pumps, ventilators = (DeviceLine.objects.create(key=key, name=key.capitalize()) for key in ("pumps", "ventilators"))
    device(line=ventilators)
    sent = send(CONTENT, by=token(line=pumps), **VENTILATOR)
    assert sent.status == 403
    assert not DeviceVersion.objects.exists()

    other = send(CONTENT, by=token(Scope.DEVICES_READ), **VENTILATOR)
    assert (other.status, other.body["why"]) == (403, "it takes the scope sboms:write")


def test_the_status_of_another_lines_sbom_is_not_told() -> None:
    """404, as if there were none."""
    pumps = DeviceLine.objects.create(key="pumps", name="Pumps")
    device()
    sent = send(CONTENT, by=token(), **VENTILATOR)

    assert ask(sent.body["status_url"], by=token(line=pumps)).status == 404
    assert ask(f"{SBOMS}/999999", by=token()).status == 404


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its length; nothing of it is kept."""
    device()
    monkeypatch.setattr(sboms, "MOST_BYTES", 100)
    monkeypatch.setattr(uploads, "FORM_BYTES", 100)
    key = token()
    sent = send(CONTENT, by=key, **VENTILATOR)
    assert (sent.status, sent.body["code"]) == (413, "api-too-large")
    assert send_form(VENTILATOR, ("sbom", "bom.json", CONTENT), by=key).status == 413
    assert not Sbom.objects.exists()


def test_a_body_without_a_length_is_refused() -> None:
    """What is streamed without end would fill the disk."""
    device()
    response = Client().generic(
        "PUT", f"{SBOMS}?device=Corvid+ventilator&version=3", headers={"Authorization": f"Bearer {token()}"}
    )
    assert response.status_code == 411
    assert response.json()["next_step"]


@pytest.mark.parametrize("files", [(), (("bom", "bom.json", CONTENT),)])
def test_a_form_without_the_file_says_which_part_is_missing(files: tuple[tuple[str, str, bytes], ...]) -> None:
    """With the words for curl."""
    sent = send_form(VENTILATOR, *files, by=token())
    assert (sent.status, sent.body["where"]) == (422, "sbom")
    assert "-F sbom=@sbom.json" in sent.body["next_step"]


def test_a_token_that_uploads_too_often_is_told_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """429 with Retry-After; another token goes on, and so does this one a minute later."""
    device()
    monkeypatch.setattr(limits, "MOST_UPLOADS", 2)
    key = token()
    with time_machine.travel(now(), tick=False) as clock:
        for content in (cyclonedx(OPENSSL), cyclonedx(ZLIB)):
            assert send(content, by=key, **VENTILATOR).status == 202
        refused = send(cyclonedx(LODASH), by=key, **VENTILATOR)
        assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
        assert send(cyclonedx(LODASH), by=token(), **VENTILATOR).status == 202
        clock.shift(timedelta(seconds=61))
        assert send(cyclonedx(OPENSSL, LODASH), by=key, **VENTILATOR).status == 202
