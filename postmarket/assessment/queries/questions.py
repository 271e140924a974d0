"""What a case's page asks of its assessments and incidents, and what keeps the case from being closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from postmarket.accounts.models import Person
from postmarket.assessment.models import Incident
from postmarket.assessment.queries.assessments import OfVersion, of_case
from postmarket.assessment.queries.standing import waiting_versions
from postmarket.assessment.rules.determination import WORDS
from postmarket.assessment.words import AssessmentState, Lead
from postmarket.cases.hooks import Missing, Place, Question
from postmarket.cases.models import Case
from postmarket.policy.interface import Determination

ASSESS = "assess"
SIGN = {Lead.TECHNICAL: "sign-technical", Lead.CLINICAL: "sign-clinical"}
TEXTS = {
    Lead.TECHNICAL: "Does the cybersecurity technical lead sign it?",
    Lead.CLINICAL: "Does the clinical safety lead sign it?",
}


def questions(case: Case, by: Person, now: datetime) -> Sequence[Question]:
    """How an exploit reaches a patient, and whether each lead has signed what that comes to; 100 to 199."""
    rows = of_case(by=by, case=case)
    if not rows:
        return ()
    needed = waiting_versions(case)
    waiting = [row for row in rows if row.version.pk in needed]
    unready = [row for row in waiting if row.written is None or not row.written.is_ready]
    asked = [
        Question(
            key=ASSESS,
            text="What could happen to a patient, and how exploitable is it?",
            order=100,
            why=_why(waiting, unready),
            answer="" if unready else _answer(rows),
            place=_place(case, unready or rows),
        )
    ]
    for place, lead in enumerate(Lead):
        unsigned = [row for row in waiting if lead not in row.signed_by]
        asked.append(
            Question(
                key=SIGN[lead],
                text=TEXTS[lead],
                order=110 + 10 * place,
                why=f"{_named(unsigned)} without this signature." if unsigned else "",
                answer="" if unsigned else "Signed",
                place=_place(case, _signable(unsigned, lead) or unsigned or rows, "signatures"),
            )
        )
    return asked


def not_restored(case: Case, now: datetime) -> Sequence[Missing]:
    """Incidents at hospitals that are neither over nor ruled out."""
    rows = Incident.objects.filter(case=case, restored_at=None, ruled_out_at=None).select_related("site")
    return [
        Missing(
            f"{row.number} at {row.site} is not over",
            "Note the restoration, or rule the incident out.",
            Place("incident", {"number": case.number, "pk": row.pk}),
        )
        for row in rows
    ]


def _signable(rows: Sequence[OfVersion], lead: Lead) -> Sequence[OfVersion]:
    return [row for row in rows if lead in row.waits_for]


def _place(case: Case, rows: Sequence[OfVersion], fragment: str = "") -> Place:
    """The page of the first version that it is asked for; that one leads on to the others."""
    return Place("assessment", {"number": case.number, "pk": rows[0].version.pk}, fragment)


def _why(waiting: Sequence[OfVersion], unready: Sequence[OfVersion]) -> str:
    because: dict[str, list[OfVersion]] = {}
    for row in waiting:
        if row.standing is not None and row.standing.state == AssessmentState.REOPENED.value:
            because.setdefault(" ".join(row.standing.reopened_because), []).append(row)
    if because:
        return " ".join(f"{_named(rows)} open again. {changed}" for changed, rows in because.items())
    return f"{_named(unready)} not assessed." if unready else ""


def _answer(rows: Sequence[OfVersion]) -> str:
    """What was signed, the worst first; what is written where nothing is."""
    found = {Determination(row.standing.determination) for row in rows if row.standing is not None}
    found |= {
        row.written.outcome.final
        for row in rows
        if row.standing is None and row.written is not None and row.written.outcome.final is not None
    }
    for determination in (Determination.UNCONTROLLED, Determination.CONTROLLED):
        if determination in found:
            return WORDS[determination].capitalize()
    return "Not affected"


def _named(rows: Sequence[OfVersion]) -> str:
    names = [str(row.version) for row in rows]
    if len(names) > 3:
        return f"{', '.join(names[:3])} and {len(names) - 3} more are"
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"
