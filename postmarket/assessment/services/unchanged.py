"""A part is written only as long as it is what the person saw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from postmarket.accounts.models import Person
from postmarket.assessment.errors import ChangedMeanwhile
from postmarket.assessment.models import Assessment
from postmarket.assessment.rules.parts import Part, seen
from postmarket.assessment.services.drafting import begin_assessment
from postmarket.assessment.services.holding import held
from postmarket.cases.models import Case
from postmarket.inventory.models import DeviceVersion


@contextmanager
def unchanged(
    *, by: Person, case: Case, version: DeviceVersion, revision: Assessment | None, part: Part, was: str, now: datetime
) -> Iterator[Assessment]:
    """
    The revision to write, locked, while `part` of it is still what was seen (`rules.parts.seen`).

    `revision` None begins one for the version. What is done inside and the check are one transaction. Raises
    ChangedMeanwhile, and as `begin_assessment` and the services of writing.
    """
    with transaction.atomic():
        if revision is None:
            row = held(begin_assessment(by=by, case=case, version=version, now=now), by=by)
        else:
            row = held(revision, by=by)
        if seen(row.says, part) != was:
            raise ChangedMeanwhile(
                "Somebody changed this part meanwhile",
                where=part.value,
                next_step="Read what it says now, then save yours again or leave theirs.",
            )
        yield row
