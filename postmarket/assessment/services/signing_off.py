"""A list of assessments is put before a lead; what is missing is said before, not after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from postmarket.accounts.models import Ceremony, Person
from postmarket.accounts.signing.ceremony import begin_ceremony
from postmarket.assessment.errors import NotComplete, NotFound, NotPossible, SamePerson
from postmarket.assessment.models import Assessment, LeadSignature
from postmarket.assessment.queries.scope import STILL_IN_CASE
from postmarket.assessment.queries.worked import Worked, work_out
from postmarket.assessment.services.holding import WITH
from postmarket.assessment.signing import KINDS
from postmarket.assessment.words import Lead
from postmarket.cases.queries.visible import visible_to
from postmarket.records import Subject
from postmarket.records.meanings import Meaning


def begin_sign_off(
    *, by: Person, lead: Lead, assessments: Sequence[Assessment], why: str, back_to: str, now: datetime
) -> Ceremony:
    """
    Put revisions before a lead, one or a list over sibling versions; go to `accounts:sign` with the ceremony's `key`.

    Raises NotFound for what they may not see or the case is not about any more, NotComplete naming what is missing,
    NotPossible for what is no longer written, SamePerson for what they have signed as the other lead, and as
    `begin_ceremony`.
    """
    wanted = [one.pk for one in assessments]
    with transaction.atomic():
        found = Assessment.objects.filter(visible_to(by, "case"), STILL_IN_CASE, pk__in=wanted)
        rows = list(found.select_related(*WITH))
        if not rows or len(rows) < len(set(wanted)):
            raise NotFound("There is no such assessment", next_step="Look at the case again.")
        for one in work_out(rows).values():
            _ready(one)
        mine = LeadSignature.objects.filter(assessment__in=rows, person=by, voided_at=None).exclude(lead=lead.value)
        other = mine.select_related("assessment__case", "assessment__version__device").first()
        if other is not None:
            raise SamePerson(
                f"{by.name} has signed {other.assessment} as {other.lead}",
                why="an assessment takes two different people",
                next_step=f"Ask another {lead.value} to sign.",
            )
    return begin_ceremony(
        person=by,
        subjects=[Subject(KINDS[lead], str(pk)) for pk in dict.fromkeys(wanted)],
        meaning=Meaning.APPROVED,
        why=why,
        back_to=back_to,
        now=now,
    )


def _ready(one: Worked) -> None:
    row = one.assessment
    if not row.is_open:
        raise NotPossible(
            f"Revision {row.revision} is {row.state}", where=str(row), next_step="Begin a new revision of it."
        )
    if not one.is_ready:
        lacking = " ".join(against.text for against in one.objections) or one.outcome.why
        raise NotComplete(
            "It cannot be signed yet", where=str(row), why=lacking, next_step="Say what is missing, then sign."
        )
