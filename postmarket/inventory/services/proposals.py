"""An SBOM for a device nobody knows makes no device: it waits for a person to say what it is (DESIGN §4)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path, PurePath

from postmarket.accounts.authority import Bearer, Caller, require
from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.permissions import Permission
from postmarket.errors import visible
from postmarket.inventory.errors import InvalidDevice, InvalidVersion, NotOpen
from postmarket.inventory.models import Device, DeviceProposal
from postmarket.inventory.models.device import LONGEST_NAME
from postmarket.inventory.rules.fields import DeviceFields, one_line
from postmarket.inventory.services.devices import add_device
from postmarket.inventory.services.reasons import reason
from postmarket.inventory.services.sboms.receiving import receive_sbom
from postmarket.inventory.services.versions import development_version
from postmarket.inventory.snapshots import proposal_snapshot
from postmarket.inventory.words import ProposalState
from postmarket.records import act, evidence

WHY_PROPOSED = "An SBOM came for a device that is not in the inventory."


def propose_device(
    *, by: Caller, device_name: str, version_label: str, content: bytes | Path, file_name: str, now: datetime
) -> DeviceProposal:
    """
    Keep the SBOM as evidence, and what it is said to be of; the same file for the same name waits once.

    Raises NotAllowed, InvalidDevice and InvalidVersion for what is no name, and InvalidDevice for a device that is in
    the inventory: its SBOM goes to a version of it.
    """
    line = by.token.line if isinstance(by, Bearer) else None
    require(by, Permission.SBOMS_UPLOAD, on=line)
    name = one_line("name", device_name, needed=True)
    label = one_line("version", version_label, needed=True, wrong=InvalidVersion)
    kept = evidence.put_away(content)
    with act(actor=by.actor, at=now, why=WHY_PROPOSED) as doing:
        known = Device.objects.filter(name__iexact=name).first()
        if known is not None:
            raise InvalidDevice(f"{known.name} is in the inventory", next_step="Send the SBOM to a version of it.")
        row = evidence.keep(
            doing, kept, media_type="application/octet-stream", source=f"sent by {by.actor.name} for {name} {label}"
        )
        waiting = DeviceProposal.objects.filter(
            device_name=name, version_label=label, evidence=row, state=ProposalState.OPEN.value
        ).first()
        if waiting is not None:
            return waiting
        proposal = DeviceProposal.objects.create(
            device_name=name,
            version_label=label,
            line=line,
            evidence=row,
            file_name=visible(PurePath(file_name.replace("\\", "/")).name)[:LONGEST_NAME] or "sbom",
            proposed_at=now,
            proposed_from=by.actor.name,
        )
        doing.note("device.proposed", subject=proposal, before=None, after=proposal_snapshot(proposal))
    return proposal


def confirm_as_new(
    *, by: Person, proposal: DeviceProposal, fields: DeviceFields, line: DeviceLine | None, why: str, now: datetime
) -> DeviceProposal:
    """
    It is a new device: add it, with the version in development and the SBOM that came.

    Takes the permissions to change devices and to add SBOMs there. Raises NotAllowed, NotOpen, NoReason, InvalidDevice.
    """
    with act(actor=by.actor, at=now, why=reason(why)):
        proposal = _open(by, proposal)
        device = add_device(by=by, fields=fields, line=line, why=why, now=now)
        return _confirm(by, proposal, device, why=why, now=now)


def confirm_as_known(
    *, by: Person, proposal: DeviceProposal, device: Device, why: str, now: datetime
) -> DeviceProposal:
    """
    It is a device of the inventory under another name: its version gets the SBOM that came.

    Raises NotAllowed, NotOpen, NoReason.
    """
    with act(actor=by.actor, at=now, why=reason(why)):
        require(by, Permission.DEVICES_EDIT, on=device.line)
        return _confirm(by, _open(by, proposal), device, why=why, now=now)


def reject_proposal(*, by: Person, proposal: DeviceProposal, why: str, now: datetime) -> DeviceProposal:
    """It is no device of ours, or came by mistake; the file stays as evidence. Raises NotAllowed, NotOpen, NoReason."""
    with act(actor=by.actor, at=now, why=reason(why)):
        return _decide(_open(by, proposal), ProposalState.REJECTED, by=by, why=why, now=now)


def _open(by: Person, proposal: DeviceProposal) -> DeviceProposal:
    """The proposal as it is now, nobody else decides it. Raises NotAllowed, NotOpen."""
    found = DeviceProposal.objects.select_for_update(of=("self",)).select_related("line").get(pk=proposal.pk)
    require(by, Permission.DEVICES_EDIT, on=found.line)
    if found.state != ProposalState.OPEN.value:
        raise NotOpen(f"{found} was {found.state} already", next_step="Look at what became of it.")
    return found


def _confirm(by: Person, proposal: DeviceProposal, device: Device, *, why: str, now: datetime) -> DeviceProposal:
    version = development_version(by=by, device=device, label=proposal.version_label, why=why, now=now)
    content = b"".join(evidence.read(proposal.evidence_id))
    name = proposal.file_name
    receive_sbom(by=by, version=version, content=content, file_name=name, why=why, now=now, confirmed=True)
    proposal.version = version
    return _decide(proposal, ProposalState.CONFIRMED, by=by, why=why, now=now)


def _decide(proposal: DeviceProposal, state: ProposalState, *, by: Person, why: str, now: datetime) -> DeviceProposal:
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        before = proposal_snapshot(DeviceProposal.objects.select_related("line").get(pk=proposal.pk))
        proposal.state, proposal.decided_by, proposal.decided_at = state.value, by, now
        proposal.decided_why = reason(why)
        proposal.save(update_fields=["state", "decided_by", "decided_at", "decided_why", "version"])
        doing.note(f"device-proposal.{state}", subject=proposal, before=before, after=proposal_snapshot(proposal))
    return proposal
