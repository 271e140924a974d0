"""A plan to isolate is put before the clinical safety lead."""

from __future__ import annotations

from datetime import datetime

from postmarket.accounts.models import Ceremony, Person
from postmarket.accounts.signing.ceremony import begin_ceremony
from postmarket.assessment.errors import NotComplete
from postmarket.assessment.isolation import KIND, check_other_person
from postmarket.assessment.models import Incident
from postmarket.assessment.queries.incidents import incident_numbered
from postmarket.records import Subject
from postmarket.records.meanings import Meaning


def begin_approval(*, by: Person, incident: Incident, why: str, back_to: str, now: datetime) -> Ceremony:
    """
    Put the plan before them; go to `accounts:sign` with the ceremony's `key`.

    Raises NotFound, NotComplete while nothing is planned, SamePerson for who planned it, and as `begin_ceremony`.
    """
    row = incident_numbered(by=by, number=incident.number)
    if row.planned_at is None:
        raise NotComplete(
            "No isolation is planned",
            where=row.number,
            next_step="Say what is to be done to the devices, and how patients are cared for meanwhile.",
        )
    check_other_person(row, by)
    return begin_ceremony(
        person=by, subjects=[Subject(KIND, row.number)], meaning=Meaning.APPROVED, why=why, back_to=back_to, now=now
    )
