"""An assessment worked out: what its content comes to with what is known now, and what keeps it from being signed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from postmarket.assessment.models import Assessment
from postmarket.assessment.queries.grounds import (
    grounds_of_assessments,
    known,
    vulnerabilities_of,
    withdrawn_controls,
)
from postmarket.assessment.rules.content import Content
from postmarket.assessment.rules.determination import Outcome, outcome
from postmarket.assessment.rules.exploitability import Judged, Known, judge
from postmarket.assessment.rules.objections import Objection, objections
from postmarket.assessment.rules.premises import Grounds
from postmarket.monitoring.policy import pack_in_force


@dataclass(frozen=True, slots=True)
class Worked:
    """
    One revision, worked out by the policy in force.

    `judged` is its exploitability with every factor, `outcome` what the matrix makes of it. Of one that is in effect,
    what was signed stands in the assessment itself.
    """

    assessment: Assessment
    content: Content
    known: Known
    judged: Judged
    outcome: Outcome
    objections: tuple[Objection, ...]
    grounds: Grounds

    @property
    def is_ready(self) -> bool:
        """Whether nothing keeps it from being signed."""
        return not self.objections and self.outcome.final is not None


def work_out(rows: Collection[Assessment]) -> dict[int, Worked]:
    """Each of these by its key, in a fixed number of queries; their cases are to be fetched with them."""
    if not rows:
        return {}
    pack = pack_in_force()
    found = vulnerabilities_of([row.case for row in rows])
    grounds = grounds_of_assessments(rows, policy=pack.version)
    withdrawn = withdrawn_controls(rows)
    worked = {}
    for row in rows:
        content, told = row.says, known(row.case, found)
        judged = judge(content, told, pack.thresholds)
        result = outcome(content, judged, pack)
        against = objections(content, told, judged, result, withdrawn=withdrawn)
        worked[row.pk] = Worked(row, content, told, judged, result, against, grounds[row.pk])
    return worked
