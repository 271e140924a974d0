"""What a case's page shows of its assessments besides what is written: signatures, and how incidents are handled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from postmarket.accounts.authority import Caller
from postmarket.assessment.models import Assessment, Incident, IsolationApproval, LeadSignature
from postmarket.assessment.queries.incidents import incidents_of
from postmarket.assessment.signing import KINDS
from postmarket.assessment.words import Lead
from postmarket.cases.models import Case
from postmarket.records.models import SignedTarget


@dataclass(frozen=True, slots=True)
class SignedBy:
    """One lead's signature, and the SHA-256 of exactly what was shown; "" where the manifest does not name it."""

    row: LeadSignature
    sha256: str

    @property
    def lead(self) -> Lead:
        """As whom they signed."""
        return Lead(self.row.lead)


def signatures_under(rows: Collection[Assessment]) -> Sequence[SignedBy]:
    """Every signature under these, void ones too, in the order of signing; two queries."""
    found = list(LeadSignature.objects.filter(assessment__in=rows).select_related("person", "assessment__version"))
    kinds = [KINDS[Lead(one)] for one in Lead]
    manifest = SignedTarget.objects.filter(signature__in={one.signature_id for one in found}, subject_kind__in=kinds)
    hashes = {
        (signature, subject): sha256
        for signature, subject, sha256 in manifest.values_list("signature_id", "subject_id", "sha256")
    }
    return [SignedBy(one, hashes.get((one.signature_id, str(one.assessment_id)), "")) for one in found]


@dataclass(frozen=True, slots=True)
class Handled:
    """An incident, and the approval of its plan that counts; None while nobody approved it."""

    incident: Incident
    approval: IsolationApproval | None


def incidents_handled(*, by: Caller, case: Case) -> Sequence[Handled]:
    """Those of one case, newest first; a fixed number of queries."""
    rows = incidents_of(by=by, case=case)
    living = IsolationApproval.objects.filter(incident__in=rows, voided_at=None).select_related("person")
    approvals = {one.incident_id: one for one in living}
    return [Handled(row, approvals.get(row.pk)) for row in rows]
