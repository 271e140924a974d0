"""Assessments as they are put before the two leads, and isolation before the clinical one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.signing.interface import Shown
from postmarket.assessment.models import Assessment, LeadSignature
from postmarket.assessment.models.assessment import OPEN_STATES
from postmarket.assessment.queries.scope import STILL_IN_CASE
from postmarket.assessment.queries.shown import (
    clinical_content,
    clinical_sentence,
    technical_content,
    technical_sentence,
)
from postmarket.assessment.queries.worked import Worked, work_out
from postmarket.assessment.services.holding import WITH
from postmarket.assessment.services.taking_effect import lead_signed
from postmarket.assessment.words import Lead
from postmarket.cases.models import Case
from postmarket.records import Act, Subject
from postmarket.records.meanings import Meaning
from postmarket.records.models import Signature

TECHNICAL_KIND = "assessment-technical"
CLINICAL_KIND = "assessment-clinical"
KINDS = {Lead.TECHNICAL: TECHNICAL_KIND, Lead.CLINICAL: CLINICAL_KIND}


class TechnicalSignOff:
    """The cybersecurity technical lead's signature: exploitability, scores and pathway, and what they come to."""

    kind = TECHNICAL_KIND
    permission = Permission.ASSESSMENTS_SIGN_TECHNICAL

    def shown(self, ids: Sequence[str]) -> Mapping[str, Shown]:
        """The revisions among `ids` that nothing keeps from being signed, and this lead has not signed yet."""
        return {
            str(pk): Shown(Subject(self.kind, str(pk)), technical_sentence(one), technical_content(one), _line(one))
            for pk, one in _signable(ids, Lead.TECHNICAL).items()
        }

    def signed(
        self, shown: Sequence[Shown], *, meaning: Meaning, signature: Signature, by: Person, doing: Act, now: datetime
    ) -> None:
        """Keep the signatures; those the other lead has signed too take effect."""
        _signed(Lead.TECHNICAL, shown, signature=signature, by=by, doing=doing, now=now)


class ClinicalSignOff:
    """The clinical safety lead's signature: what could happen to patients, in clinical words, and what it comes to."""

    kind = CLINICAL_KIND
    permission = Permission.ASSESSMENTS_SIGN_CLINICAL

    def shown(self, ids: Sequence[str]) -> Mapping[str, Shown]:
        """As the other lead's, without a vector to be read."""
        return {
            str(pk): Shown(Subject(self.kind, str(pk)), clinical_sentence(one), clinical_content(one), _line(one))
            for pk, one in _signable(ids, Lead.CLINICAL).items()
        }

    def signed(
        self, shown: Sequence[Shown], *, meaning: Meaning, signature: Signature, by: Person, doing: Act, now: datetime
    ) -> None:
        """Keep the signatures; those the other lead has signed too take effect."""
        _signed(Lead.CLINICAL, shown, signature=signature, by=by, doing=doing, now=now)


def _line(one: Worked) -> DeviceLine | None:
    return one.assessment.version.device.line


def _signed(lead: Lead, shown: Sequence[Shown], *, signature: Signature, by: Person, doing: Act, now: datetime) -> None:
    for one in _signable([one.subject.id for one in shown], lead).values():
        lead_signed(one, lead, signature=signature, by=by, doing=doing, now=now)


def _signable(ids: Sequence[str], lead: Lead) -> dict[int, Worked]:
    """Locked, the cases first: two leads who sign at once come one after the other."""
    keys = [int(one) for one in ids if one.isdecimal()]
    wanted = Assessment.objects.filter(STILL_IN_CASE, pk__in=keys, state__in=OPEN_STATES)
    done = LeadSignature.objects.filter(lead=lead.value, voided_at=None)
    list(Case.objects.select_for_update().filter(pk__in=wanted.values("case")).order_by("pk"))
    rows = wanted.exclude(pk__in=done.values("assessment")).select_for_update(of=("self",)).select_related(*WITH)
    worked = work_out(list(rows.order_by("pk")))
    return {pk: one for pk, one in worked.items() if one.is_ready and one.assessment.case.is_open}
