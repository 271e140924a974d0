"""Nothing that arrives over the API creates a device: it waits for a person."""

from __future__ import annotations

import pytest

from postmarket import tasks
from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.models import DeviceLine
from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope
from postmarket.inventory.errors import InvalidDevice, NoReason, NotOpen
from postmarket.inventory.models import Device, DeviceProposal, DeviceVersion, Sbom
from postmarket.inventory.queries.devices import list_devices
from postmarket.inventory.queries.proposals import list_proposals, proposal
from postmarket.inventory.rules.fields import DeviceFields
from postmarket.inventory.services.proposals import (
    confirm_as_known,
    confirm_as_new,
    propose_device,
    reject_proposal,
)
from postmarket.inventory.words import ProposalState
from postmarket.records import evidence
from tests.builders import NOW
from tests.inventory.builders import LATER, WHY, bearer, device, kinds, line, manager, person
from tests.inventory.given import OPENSSL, ZLIB, cyclonedx, names

pytestmark = pytest.mark.django_db
SBOM = cyclonedx(OPENSSL, ZLIB)


def proposed(name: str = "Ventorsa 6", *, line: DeviceLine | None = None, content: bytes = SBOM) -> DeviceProposal:
    """What a pipeline sent for a device nobody knows."""
    by = bearer(manager(), Scope.SBOMS_WRITE, line=line)
    return propose_device(
        by=by, device_name=name, version_label="6.0-rc1", content=content, file_name="bom.json", now=NOW
    )


def test_what_came_is_kept_and_no_device_is_made() -> None:
    """The file as evidence, and who sent it."""
    made = proposed()

    assert b"".join(evidence.read(made.evidence_id)) == SBOM
    assert (made.state, made.proposed_from.startswith("CI (token of ")) == ("open", True)
    assert not Device.objects.exists()
    assert not DeviceVersion.objects.exists()
    assert kinds(made) == ["device.proposed"]


def test_the_same_file_for_the_same_name_waits_once() -> None:
    """A pipeline that runs again fills no list; another file is another proposal."""
    assert proposed() == proposed()
    proposed(content=cyclonedx(ZLIB))

    assert list_devices(manager()).open_proposals == 2


def test_a_device_that_is_known_is_not_proposed() -> None:
    """Whatever the case of its name."""
    device("Ventorsa 6")
    with pytest.raises(InvalidDevice, match="is in the inventory"):
        proposed("ventorsa  6")

    assert not DeviceProposal.objects.exists()


def test_a_person_confirms_a_new_device_and_its_sbom_is_read() -> None:
    """The version is in development; who confirmed it and why is recorded."""
    by, made = manager(), proposed()

    done = confirm_as_new(by=by, proposal=made, fields=DeviceFields("Ventorsa 6"), line=None, why=WHY, now=LATER)
    tasks.run_due(now=LATER)

    assert done.version is not None
    assert (str(done.version), done.version.is_shipped) == ("Ventorsa 6 6.0-rc1", False)
    assert names(done.version) == ["openssl 3.0.7", "zlib 1.2.13"]
    assert (done.state, done.decided_by, done.decided_why) == ("confirmed", by, WHY)
    assert kinds(made) == ["device.proposed", "device-proposal.confirmed"]


def test_a_person_says_which_known_device_it_is() -> None:
    """A pipeline calls it otherwise."""
    known = device("Ventorsa 6")

    done = confirm_as_known(by=manager(), proposal=proposed("vt6-firmware"), device=known, why=WHY, now=LATER)

    assert done.version is not None
    assert done.version.device == known
    assert Device.objects.count() == 1


def test_a_rejected_one_stays_with_its_reason() -> None:
    """And comes back when the file is sent again: it was rejected, not forbidden."""
    made = proposed()

    reject_proposal(by=manager(), proposal=made, why="A test of the pipeline.", now=LATER)

    assert not Device.objects.exists()
    assert [one.decided_why for one in list_proposals(manager(), state=ProposalState.REJECTED)] == [
        "A test of the pipeline."
    ]
    assert proposed() != made


def test_it_is_decided_once() -> None:
    """The second person is told."""
    made = proposed()
    reject_proposal(by=manager(), proposal=made, why=WHY, now=LATER)
    with pytest.raises(NotOpen, match="was rejected already"):
        confirm_as_new(by=manager(), proposal=made, fields=DeviceFields("Ventorsa 6"), line=None, why=WHY, now=LATER)

    assert not Device.objects.exists()


def test_a_confirmation_that_fails_leaves_nothing() -> None:
    """A device without its SBOM would say that it is empty."""
    made = proposed()
    with pytest.raises(InvalidDevice):
        confirm_as_new(
            by=manager(), proposal=made, fields=DeviceFields("x", product_code="?"), line=None, why=WHY, now=LATER
        )
    with pytest.raises(NoReason):
        reject_proposal(by=manager(), proposal=made, why=" ", now=LATER)
    with pytest.raises(NotAllowed, match="add SBOMs"):
        confirm_as_new(by=person(Role.QUALITY), proposal=made, fields=DeviceFields("x"), line=None, why=WHY, now=LATER)

    made.refresh_from_db()
    assert (made.state, Device.objects.count(), Sbom.objects.count()) == ("open", 0, 0)


def test_a_proposal_belongs_to_the_line_of_its_token() -> None:
    """Others neither see nor decide it."""
    made = proposed(line=line("pumps"))
    other = manager(line=line("monitors"))

    assert list_proposals(manager(line=line("pumps"))) == [made]
    assert (list_proposals(other), proposal(other, made.pk)) == ([], None)
    with pytest.raises(NotAllowed):
        reject_proposal(by=other, proposal=made, why=WHY, now=LATER)
