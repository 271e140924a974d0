"""SBOMs from pipelines: what arrives is a development version, never a device (DESIGN §4)."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router, Status
from pydantic import ValidationError

from postmarket.accounts.authority import Bearer
from postmarket.accounts.scopes import Scope
from postmarket.api import clock
from postmarket.api.errors import InTheWay, NoSuchThing, WrongRequest
from postmarket.api.limits import count_upload
from postmarket.api.schemas import Accepted, Problem, Proposed, Quality, SbomStatus, UploadParameters
from postmarket.api.tokens import ScopedToken, bearer_of
from postmarket.api.uploads import FILE_PART, FORM, Upload, taken
from postmarket.inventory.models import Build, Device, DeviceProposal, DeviceVersion, Sbom
from postmarket.inventory.queries.uploads import upload_status
from postmarket.inventory.services.proposals import propose_device
from postmarket.inventory.services.sboms.receiving import MOST_BYTES, Received, receive_sbom
from postmarket.inventory.services.versions import add_build, development_version
from postmarket.inventory.words import ProposalState

router = Router(tags=["SBOMs"])
PROBLEMS = dict.fromkeys((401, 403, 404, 409, 411, 413, 422, 429), Problem)
WHY = "A pipeline sent the SBOM of a build."
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            FORM: {
                "schema": {
                    "type": "object",
                    "required": [FILE_PART],
                    "properties": {
                        FILE_PART: {"type": "string", "format": "binary"},
                        **{name: {"type": "string"} for name in UploadParameters.model_fields},
                    },
                }
            },
        },
    }
}


@router.put(
    "/sboms",
    auth=ScopedToken(Scope.SBOMS_WRITE),
    response={200: Accepted, 202: Accepted | Proposed, **PROBLEMS},
    url_name="sboms",
    openapi_extra=BODY,
    summary="Send the SBOM of a build",
)
def put_sbom(
    request: HttpRequest, response: HttpResponse, given: Query[UploadParameters]
) -> Status[Accepted | Proposed]:
    """
    CycloneDX or SPDX, packed or not, as the body itself or as the part `sbom` of a form.

    The bytes are kept before the answer (202) and read right after it: ask `status_url`. The same bytes again change
    nothing (200). An unknown device makes a proposal that a person confirms (202). A version that is marked shipped is
    not changed by a machine (409).
    """
    by, now = bearer_of(request), clock.now()
    count_upload(by.token, now=now)
    with taken(request, most=MOST_BYTES) as upload:
        said = _said(given, upload)
        device = _device(said.device)
        if device is None:
            proposal = _propose(by, said, upload, now)
            response.headers["Location"] = _proposal_url(proposal)
            return Status(202, _proposed(proposal))
        received = _receive(by, device, said, upload, now)
    response.headers["Location"] = _status_url(received.sbom)
    return Status(202 if received.is_new else 200, _accepted(received))


@router.get(
    "/sboms/{int:number}",
    auth=ScopedToken(Scope.SBOMS_WRITE, Scope.DEVICES_READ),
    response={200: SbomStatus, **PROBLEMS},
    url_name="sbom",
    summary="What was read in an SBOM",
)
def get_sbom(request: HttpRequest, number: int) -> SbomStatus:
    """Its state, why it was refused, how many components it lists, and its quality by each profile."""
    sbom = upload_status(bearer_of(request)).filter(pk=number).first()
    if sbom is None:
        raise NoSuchThing(f"There is no SBOM {number} for this token", next_step="Take the status_url of the upload.")
    return _status(sbom)


@router.get(
    "/proposals/{int:number}",
    auth=ScopedToken(Scope.SBOMS_WRITE),
    response={200: Proposed, **PROBLEMS},
    url_name="proposal",
    summary="What became of an SBOM of an unknown device",
)
def get_proposal(request: HttpRequest, number: int) -> Proposed:
    """Whether a person has confirmed or rejected it, and where its SBOM is then."""
    line = bearer_of(request).token.line
    found = DeviceProposal.objects.filter(pk=number)
    proposal = (found.filter(line=line) if line is not None else found).first()
    if proposal is None:
        raise NoSuchThing(f"There is no proposal {number} for this token", next_step="Take the upload's status_url.")
    return _proposed(proposal)


def _said(given: UploadParameters, upload: Upload) -> UploadParameters:
    """The parameters of the address, with the form's fields over them. Raises WrongRequest naming what is wrong."""
    fields = {key: value for key, value in upload.fields.items() if key in UploadParameters.model_fields and value}
    try:
        said = UploadParameters(**{**given.model_dump(), **fields})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise WrongRequest("A field of the form is not what it should be", where=where, why=first["msg"]) from error
    for name in ("device", "version"):
        if not str(getattr(said, name)).strip():
            raise WrongRequest(f"It is not said of which {name} it is", where=name, next_step=f"Add {name}=… to it.")
    if said.built_at is not None and said.built_at.tzinfo is None:
        raise WrongRequest("A time without a zone", where="built_at", next_step="Write it as 2026-11-24T09:00:00Z.")
    return said


def _device(text: str) -> Device | None:
    named = Device.objects.filter(name__iexact=" ".join(text.split())).first()
    if named is None and text.strip().isdecimal() and text.isascii():
        return Device.objects.filter(pk=min(int(text), 2**62)).first()
    return named


def _receive(by: Bearer, device: Device, said: UploadParameters, upload: Upload, now: datetime) -> Received:
    version = _version(device, said.version) or development_version(
        by=by, device=device, label=said.version, why=WHY, now=now
    )
    if version.is_shipped:
        raise InTheWay(
            f"{version} is shipped",
            why="what units in the field are made of is changed by a person, not by a machine",
            next_step="Send it for the next version, or upload it on the version's page.",
        )
    return receive_sbom(
        by=by,
        version=version,
        content=upload.path,
        file_name=said.file_name or upload.file_name,
        build=_build(by, version, said, now) if said.build.strip() else None,
        why=WHY,
        now=now,
    )


def _version(device: Device, text: str) -> DeviceVersion | None:
    of_device = DeviceVersion.objects.select_related("device__line").filter(device=device)
    labelled = of_device.filter(label__iexact=" ".join(text.split())).first()
    if labelled is None and text.strip().isdecimal() and text.isascii():
        return of_device.filter(pk=min(int(text), 2**62)).first()
    return labelled


def _build(by: Bearer, version: DeviceVersion, said: UploadParameters, now: datetime) -> Build:
    """The build; one that is there already is meant when it is not said when it was made."""
    held = version.builds.filter(label=said.build.strip()).first()
    made = said.built_at or (held.built_at if held is not None else now)
    digest = said.sha256 or (held.sha256 if held is not None else "")
    return add_build(by=by, version=version, label=said.build, built_at=made, sha256=digest, why=WHY, now=now)


def _propose(by: Bearer, said: UploadParameters, upload: Upload, now: datetime) -> DeviceProposal:
    return propose_device(
        by=by,
        device_name=said.device,
        version_label=said.version,
        content=upload.path,
        file_name=said.file_name or upload.file_name,
        now=now,
    )


def _accepted(received: Received) -> Accepted:
    sbom = received.sbom
    return Accepted(
        sbom=sbom.pk,
        is_new=received.is_new,
        state=sbom.state,
        words=received.words,
        device=sbom.version.device.name,
        version=sbom.version.label,
        status_url=_status_url(sbom),
    )


def _proposed(proposal: DeviceProposal) -> Proposed:
    sbom = None
    if proposal.version_id is not None:
        sbom = Sbom.objects.filter(version=proposal.version_id, evidence=proposal.evidence_id).first()
    words = {
        ProposalState.OPEN.value: f"“{proposal.device_name}” is not in the inventory. The SBOM is kept, and a person "
        "decides which device it is of. Nothing is matched until then.",
        ProposalState.CONFIRMED.value: "A person confirmed it.",
        ProposalState.REJECTED.value: f"A person rejected it: {proposal.decided_why}",
    }[proposal.state]
    return Proposed(
        proposal=proposal.pk,
        state=proposal.state,
        words=words,
        device=proposal.device_name,
        version=proposal.version_label,
        status_url=_proposal_url(proposal),
        sbom_url=_status_url(sbom) if sbom is not None else "",
    )


def _status(sbom: Sbom) -> SbomStatus:
    return SbomStatus(
        sbom=sbom.pk,
        device=sbom.version.device.name,
        version=sbom.version.label,
        build=sbom.build.label if sbom.build is not None else "",
        state=sbom.state,
        refused_why=sbom.refused_why,
        held_why=sbom.held_why,
        is_current=sbom.is_current,
        sha256=sbom.evidence_id,
        file_name=sbom.file_name,
        received_at=sbom.received_at,
        read_at=sbom.read_at,
        format=f"{sbom.format} {sbom.spec_version}".strip(),
        components=sbom.component_count,
        quality=[
            Quality(
                profile=row.profile,
                score=round(row.score, 1),
                errors=row.errors,
                warnings=row.warnings,
                unpinned=row.unpinned,
            )
            for row in sbom.qualities.all()
        ],
    )


def _status_url(sbom: Sbom) -> str:
    return reverse("postmarket-api:sbom", kwargs={"number": sbom.pk})


def _proposal_url(proposal: DeviceProposal) -> str:
    return reverse("postmarket-api:proposal", kwargs={"number": proposal.pk})
