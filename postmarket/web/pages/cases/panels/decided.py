"""What was decided in a case, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from postmarket.policy.interface import Determination, Priority
from postmarket.web.pages.cases.panels.assessed import open_again, reasons
from postmarket.web.pages.cases.words import DETERMINATIONS, EXPLOITATION
from postmarket.web.pages.findings.words import PRIORITIES

if TYPE_CHECKING:
    from postmarket.assessment.models import Assessment
    from postmarket.cases.queries.case import CaseDetail
    from postmarket.web.pages.cases.panels.assessed import Assessed


@dataclass(frozen=True, slots=True)
class Decided:
    """One line of what was decided."""

    label: str
    line: str
    at: datetime | None


def decided(found: CaseDetail, of: Assessed) -> list[Decided]:
    """Assessment and isolation first, what became of the case last."""
    return [*_opened_again(of), *_assessments(found, of), *_isolation(of), *_case(found)]


def _opened_again(of: Assessed) -> Iterator[Decided]:
    """What took a decision into doubt, before the decision."""
    since = [one.standing.reopened_at for one in of.versions if one.standing is not None and open_again(one)]
    if since:
        yield Decided("Open again", " ".join(reasons(of)), min((at for at in since if at), default=None))


def _assessments(found: CaseDetail, of: Assessed) -> Iterator[Decided]:
    """
    Versions with the same answer from the same moment share a line, the newest last; where nothing here is theirs to
    read, the case's own answer.
    """
    same: dict[tuple[str, str, str, datetime | None], list[Assessment]] = {}
    for one in of.versions:
        if one.standing is not None:
            row = one.standing
            same.setdefault((row.determination, row.severity, row.exploitability, row.effective_at), []).append(row)
    if not same and found.judged.determination is not None:
        words, _ = DETERMINATIONS[found.judged.determination]
        yield Decided("Assessment", f"{words}. Both leads signed.", found.judged.since)
    for (determination, severity, exploitability, at), rows in same.items():
        words, _ = DETERMINATIONS[Determination(determination)]
        where = "" if len(rows) == len(of.versions) else f" {', '.join(str(row.version) for row in rows)}."
        said = f"{words}: {severity or 'privacy only'} × {exploitability}. Both leads signed.{where}"
        yield Decided("Assessment", said, at)


def _isolation(of: Assessed) -> Iterator[Decided]:
    for one in of.incidents:
        if one.approval is not None:
            plan = one.incident.isolation.rstrip(". ")
            line = f"{one.incident.site}: {plan}. Approved by {one.approval.person.name}."
            yield Decided("Isolation", line, one.approval.approved_at)


def _case(found: CaseDetail) -> Iterator[Decided]:
    row = found.case
    if row.known_exploitation is not None:
        words, _ = EXPLOITATION[row.known_exploitation]
        yield Decided("Exploitation", f"{words}.", row.exploitation_said_at)
    for one in found.overrides:
        name = PRIORITIES[Priority(one.priority)][0]
        yield Decided("Priority", f"{name}: {one.rationale} ({one.by.name})", one.at)
    for left in found.left_out:
        yield Decided("Left out", f"{left.row.version}: {left.row.why}", left.row.removed_at)
    if row.reopened_because:
        yield Decided("Re-opened", row.reopened_because, row.state_since)
    if row.outcome:
        yield Decided("Closed", f"{row.outcome.capitalize()}.", row.closed_at)
