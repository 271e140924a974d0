"""What happens in a case, and what that does to its assessments."""

from __future__ import annotations

from postmarket.assessment.actor import ASSESSMENT
from postmarket.assessment.services.drafting import carry_over
from postmarket.assessment.services.reconsidering import reconsider_case
from postmarket.cases.hooks import CaseEvent, Happened
from postmarket.records import act


def follow_case(event: CaseEvent) -> None:
    """Called by cases inside the transaction of the change, with the case locked."""
    match event.what:
        case Happened.EXPLOITATION:
            reconsider_case(event.case, now=event.at)
        case Happened.MERGED if event.other is not None:
            with act(
                actor=ASSESSMENT, at=event.at, why=f"{event.case.number} goes on in {event.other.number}."
            ) as doing:
                carry_over(doing, of=event.case, to=event.other, now=event.at)
        case Happened.SPLIT if event.other is not None:
            with act(
                actor=ASSESSMENT, at=event.at, why=f"{event.case.number} was split from {event.other.number}."
            ) as doing:
                carry_over(doing, of=event.other, to=event.case, now=event.at)
        case _:
            pass
