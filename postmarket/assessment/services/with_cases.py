"""What happens in a case, and what that does to its assessments."""

from __future__ import annotations

from datetime import datetime

from postmarket.assessment.actor import ASSESSMENT
from postmarket.assessment.models import Incident
from postmarket.assessment.services.drafting import carry_over
from postmarket.assessment.services.reconsidering import reconsider_case
from postmarket.assessment.snapshots import incident_snapshot
from postmarket.cases.hooks import CaseEvent, Happened
from postmarket.cases.models import Case
from postmarket.records import act


def follow_case(event: CaseEvent) -> None:
    """Called by cases inside the transaction of the change, with the case locked."""
    match event.what:
        case Happened.EXPLOITATION:
            reconsider_case(event.case, now=event.at)
        case Happened.MERGED if event.other is not None:
            _go_on(event.case, event.other, why=f"{event.case.number} goes on in {event.other.number}.", now=event.at)
        case Happened.SPLIT if event.other is not None:
            why = f"{event.case.number} was split from {event.other.number}."
            _go_on(event.other, event.case, why=why, now=event.at)
        case _:
            pass


def _go_on(of: Case, to: Case, *, why: str, now: datetime) -> None:
    """What was assessed is proposed there; incidents of the versions that go are handled there."""
    with act(actor=ASSESSMENT, at=now, why=why) as doing:
        carry_over(doing, of=of, to=to, now=now)
        going = to.versions.filter(removed_at=None).values("version")
        for row in Incident.objects.select_for_update(of=("self",)).filter(case=of, version__in=going):
            before = incident_snapshot(row)
            row.case = to
            row.save(update_fields=["case"])
            doing.note("incident.moved", subject=row, before=before, after=incident_snapshot(row))
