"""What a case's page asks: its own questions, those of later rooms, and which of them is next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from postmarket.accounts.models import Person
from postmarket.cases import hooks
from postmarket.cases.hooks import Place, Question
from postmarket.cases.models import Case, StartEvent
from postmarket.cases.words import Exploitation
from postmarket.intake.models import Report
from postmarket.intake.words import ReporterKind
from postmarket.policy.interface import StartBasis

SAYS = {
    Exploitation.NONE: "Not as far as we know",
    Exploitation.SUSPECTED: "Suspected",
    Exploitation.ACTIVE: "Yes, actively",
}


def questions(case: Case, *, by: Person, now: datetime) -> list[Question]:
    """Every question of a case in its order, answered ones with their answer; a fixed number of queries of our own."""
    reports = list(Report.objects.filter(in_case__case=case).order_by("pk"))
    found = [
        *_acknowledging(reports),
        _exploited(case),
        *_harm(case, reports),
        _versions(case),
        *hooks.questions(case, by=by, now=now),
    ]
    return sorted(found, key=lambda one: (one.order, one.key))


def next_question(asked: Sequence[Question]) -> Question | None:
    """The first open one; None when all are answered."""
    return next((one for one in asked if one.is_open), None)


def _acknowledging(reports: Sequence[Report]) -> list[Question]:
    return [
        Question(
            key=f"acknowledged-{one.number}",
            text=f"When was {one.organisation or one.kind} told that {one.number} has arrived?",
            order=10,
            why="By the firm's CVD policy every report is acknowledged.",
            answer="" if one.acknowledged_at is None else f"{one.acknowledged_at:%Y-%m-%d}",
            place=Place("report", {"number": one.number}),
        )
        for one in reports
        if one.kind != ReporterKind.OUR_OWN.value
    ]


def _exploited(case: Case) -> Question:
    known = case.known_exploitation
    return Question(
        key="exploitation",
        text="Is it exploited on a device of ours?",
        order=20,
        why="Exploitation raises exploitability to high, and the response by device type begins.",
        answer="" if known is None else SAYS[known],
    )


def _harm(case: Case, reports: Sequence[Report]) -> list[Question]:
    """Whether anybody was harmed; and if so, since when an employee knows, from which 21 CFR 803 counts."""
    asked = [
        Question(
            key=f"harm-{one.number}",
            text=f"Does {one.number} tell of an injury, a death, or a device that failed?",
            order=30,
            why="If it does, 21 CFR 803 may ask for a report within 30 days of any employee's becoming aware.",
            answer="" if one.harm_reported is None else ("Yes" if one.harm_reported else "No"),
            place=Place("report", {"number": one.number}),
        )
        for one in reports
    ]
    if any(one.harm_reported for one in reports):
        aware = StartEvent.objects.filter(case=case, basis=StartBasis.MDR_AWARE.value, voided_at=None).first()
        asked.append(
            Question(
                key="mdr-aware",
                text="When did an employee first know of the harm, and which?",
                order=31,
                why="The clock of 21 CFR 803.50 runs from that day, however late it is noted. If it is no MDR event, "
                "regulatory affairs decides so.",
                answer="" if aware is None else f"{aware.at:%Y-%m-%d}, {aware.person}",
            )
        )
    return asked


def _versions(case: Case) -> Question:
    count = case.versions.filter(removed_at=None).count()
    return Question(
        key="versions",
        text="Which shipped device versions is it about?",
        order=40,
        why="Every version in the case is assessed, and told of.",
        answer="" if not count else ("1 version" if count == 1 else f"{count} versions"),
    )
