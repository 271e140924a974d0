"""Assessments as pages show them: of a case version by version, one in full, and what waits for a lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from postmarket.accounts.authority import Caller, lines
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.assessment.errors import NotFound
from postmarket.assessment.models import Assessment, Control, LeadSignature, PathwayTemplate
from postmarket.assessment.models.assessment import OPEN_STATES, STANDING_STATES
from postmarket.assessment.queries.scope import STILL_IN_CASE
from postmarket.assessment.queries.worked import Worked, work_out
from postmarket.assessment.services.holding import WITH
from postmarket.assessment.words import AssessmentState, Lead
from postmarket.cases.models import Case
from postmarket.cases.queries.inside import versions_of
from postmarket.cases.queries.once import once
from postmarket.cases.queries.visible import cases, visible_to
from postmarket.inventory.models import Device, DeviceVersion
from postmarket.inventory.queries.scope import readable

PERMISSIONS = {
    Lead.TECHNICAL: Permission.ASSESSMENTS_SIGN_TECHNICAL,
    Lead.CLINICAL: Permission.ASSESSMENTS_SIGN_CLINICAL,
}


@dataclass(frozen=True, slots=True)
class OfVersion:
    """
    How far one device version of a case is: what is written and waits for signatures, and what both leads have signed.

    `standing` is in effect unless its state is re-opened, and says why. `signed_by` are the leads whose signatures
    under `written` count.
    """

    version: DeviceVersion
    written: Worked | None
    standing: Assessment | None
    signed_by: frozenset[Lead]

    @property
    def waits_for(self) -> tuple[Lead, ...]:
        """The leads who have still to sign what is written; nobody while something is missing."""
        if self.written is None or not self.written.is_ready:
            return ()
        return tuple(lead for lead in Lead if lead not in self.signed_by)


def visible(by: Caller) -> QuerySet[Assessment]:
    """The assessments of cases that `by` may see, for device versions that they may read."""
    return Assessment.objects.filter(visible_to(by, "case"), readable(by, "version__device__line")).select_related(
        *WITH, "origin__version__device", "origin__case", "drafted_by"
    )


def of_case(*, by: Caller, case: Case) -> Sequence[OfVersion]:
    """
    Every version the case is about, in the order of the inventory, with or without an assessment.

    Inside `read_once` (cases.queries.once) it is read once.
    """
    return once(("assessments", id(by), case.pk), lambda: _of_case(by, case))


def _of_case(by: Caller, case: Case) -> Sequence[OfVersion]:
    rows = list(visible(by).filter(case=case, state__in=[*OPEN_STATES, *STANDING_STATES]))
    written = {row.version_id: row for row in rows if row.is_open}
    standing = {row.version_id: row for row in rows if not row.is_open}
    worked = work_out(list(written.values()))
    signed: dict[int, set[Lead]] = {}
    if written:
        for one in LeadSignature.objects.filter(assessment__in=written.values(), voided_at=None):
            signed.setdefault(one.assessment_id, set()).add(Lead(one.lead))
    held = lines(by, Permission.CONTENT_READ)
    sees = cases(by).filter(pk=case.pk).exists()
    versions = [one for one in versions_of(case) if sees and one.removed_at is None]
    return [
        OfVersion(
            version=item.version,
            written=None if (row := written.get(item.version_id)) is None else worked[row.pk],
            standing=standing.get(item.version_id),
            signed_by=frozenset(signed.get(row.pk, ())) if row is not None else frozenset(),
        )
        for item in versions
        if held.covers(item.version.device.line_id)
    ]


def one(*, by: Caller, key: int) -> Worked:
    """One revision, worked out with what is known now. Raises NotFound, also for what is not theirs to see."""
    row = visible(by).filter(pk=key).first()
    if row is None:
        raise NotFound("There is no such assessment", next_step="Look at the case again.")
    return work_out([row])[row.pk]


def revisions(*, by: Caller, case: Case, version: DeviceVersion) -> Sequence[Assessment]:
    """Every revision for a version, newest first, also those replaced and taken back."""
    return list(visible(by).filter(case=case, version=version))


def history_of(*, by: Caller, case: Case) -> Sequence[Assessment]:
    """Every revision for every version of a case, oldest first per version, each with every signature under it."""
    signed = LeadSignature.objects.select_related("person", "signature").order_by("signed_at", "pk")
    rows = visible(by).filter(case=case).prefetch_related(Prefetch("signatures", queryset=signed))
    return list(rows.order_by("version__device__name", "version_id", "revision"))


def signatures(assessment: Assessment) -> Sequence[LeadSignature]:
    """Every signature under a revision in the order of signing; a void one says what voided it."""
    return list(LeadSignature.objects.filter(assessment=assessment).select_related("person", "signature"))


def waiting_for(*, by: Person) -> Sequence[tuple[Lead, Worked]]:
    """
    What waits for this person's signature, as which lead: ready to be signed, and not signed by them as the other.

    What a lead has begun to look at first: oldest change first.
    """
    found: list[tuple[Lead, Worked]] = []
    for lead, permission in PERMISSIONS.items():
        held = lines(by, permission)
        if not held:
            continue
        theirs = Q() if held.every else Q(version__device__line__in=held.ids)
        done = LeadSignature.objects.filter(assessment=OuterRef("pk"), voided_at=None)
        rows = visible(by).filter(theirs, STILL_IN_CASE, ~Exists(done.filter(Q(lead=lead.value) | Q(person=by))))
        worked = work_out(list(rows.filter(state__in=OPEN_STATES).order_by("changed_at", "pk")))
        found += [(lead, item) for item in worked.values() if item.is_ready and item.assessment.case.is_open]
    return found


def reopened(*, by: Caller) -> Sequence[Assessment]:
    """Signed assessments of which a premise changed, newest change first; each says what was and what is."""
    return list(visible(by).filter(STILL_IN_CASE, state=AssessmentState.REOPENED.value).order_by("-reopened_at", "-pk"))


def controls_of(*, by: Caller, device: Device) -> Sequence[Control]:
    """A device's controls by name, without those withdrawn."""
    return list(Control.objects.filter(readable(by, "device__line"), device=device, withdrawn_at=None))


def templates_of(*, by: Caller, device: Device) -> Sequence[PathwayTemplate]:
    """A device's pathways that can be begun with: the newest version of each name."""
    newest: dict[str, PathwayTemplate] = {}
    for row in PathwayTemplate.objects.filter(readable(by, "device__line"), device=device).select_related("made_by"):
        newest.setdefault(row.name, row)
    return list(newest.values())
