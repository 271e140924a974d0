"""Where it is: each device version of a case, what is signed of it, and how far its assessment is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from postmarket.assessment.words import AssessmentState
from postmarket.policy.interface import Determination
from postmarket.web.components.dates import dated
from postmarket.web.components.tags import Meaning
from postmarket.web.components.text import plural
from postmarket.web.pages.cases.panels.asking import assessment_place
from postmarket.web.pages.cases.panels.tags import Tag
from postmarket.web.pages.cases.words import DETERMINATIONS

if TYPE_CHECKING:
    from postmarket.assessment.models import Assessment
    from postmarket.assessment.queries.assessments import OfVersion
    from postmarket.cases.models import Case
    from postmarket.cases.queries.case import CaseDetail, VersionInCase
    from postmarket.web.pages.cases.panels.assessed import Assessed

MOST_SHOWN: Final = 25


@dataclass(frozen=True, slots=True)
class Row:
    """
    One version: its status by signed decisions, and its determination; `line` says under it what that rests on.

    `url` is where it is assessed, "" where there is nothing to see; `inherited` names the version it was copied from.
    """

    one: VersionInCase
    status: Tag
    determination: Tag
    line: str
    inherited: str
    url: str


@dataclass(frozen=True, slots=True)
class Where:
    """The versions that are shown, and how many more there are."""

    rows: Sequence[Row]
    more: int


def where(found: CaseDetail, of: Assessed, *, assesses: bool, every: bool = False) -> Where:
    """
    In the order of the inventory; of very many those with an assessment, then the first, unless `every` is asked for.

    Who does not assess is led to assessments, and to nothing that is built.
    """
    known, shown = of.by_version, found.versions
    if not every and len(shown) > MOST_SHOWN:
        shown = sorted(shown, key=lambda one: not _is_assessed(known.get(one.row.version_id)))[:MOST_SHOWN]
    rows = [_row(found.case, one, known.get(one.row.version_id), assesses=assesses) for one in shown]
    return Where(rows, len(found.versions) - len(shown))


def in_field(found: CaseDetail) -> str:
    """How many versions, units and customers; what nobody counted is said."""
    parts = [plural(len(found.versions), "version")]
    uncounted = sum(one.units is None for one in found.versions)
    if found.units is not None:
        parts.append(plural(found.units, "unit"))
    if found.customers:
        parts.append(plural(found.customers, "customer"))
    if uncounted:
        parts.append(f"units of {plural(uncounted, 'version')} not counted")
    return " · ".join(parts)


def status(one: VersionInCase) -> Tag:
    """What is signed of the vulnerability in this version."""
    finding = one.finding
    if finding is None or not finding.status or finding.reopened_because:
        words = "Re-opened" if finding is not None and finding.reopened_because else "Not decided"
        return Tag(Meaning.UNKNOWN, words, "Treated as affected until somebody signs")
    meanings = {"affected": Meaning.HARM, "not_affected": Meaning.SAFE, "fixed": Meaning.SAFE}
    return Tag(meanings.get(finding.status, Meaning.SOON), finding.status.replace("_", " ").capitalize())


def _is_assessed(of: OfVersion | None) -> bool:
    return of is not None and (of.standing is not None or of.written is not None)


def _row(case: Case, one: VersionInCase, of: OfVersion | None, *, assesses: bool) -> Row:
    determination, line = _determination(of)
    return Row(
        one=one,
        status=status(one),
        determination=determination,
        line=line,
        inherited=_inherited(of),
        url="" if of is None else assessment_place(case, of, assesses=assesses),
    )


def _determination(of: OfVersion | None) -> tuple[Tag, str]:
    if of is None or (of.standing is None and of.written is None):
        return Tag(Meaning.UNKNOWN, "Not assessed", "Unknown is never treated as controlled"), ""
    if of.standing is not None:
        words, meaning = DETERMINATIONS[Determination(of.standing.determination)]
        if of.standing.state == AssessmentState.REOPENED.value:
            return Tag(Meaning.SOON, f"{words}, re-opened", "A premise changed"), dated(of.standing.reopened_because)
        return Tag(meaning, words), _cell(of.standing)
    if of.written is not None and of.waits_for:
        return Tag(Meaning.SOON, "Waits for signatures"), " and ".join(lead.value for lead in of.waits_for)
    return Tag(Meaning.UNKNOWN, "Being written", "Nothing is signed yet"), ""


def _cell(row: Assessment) -> str:
    return f"{row.severity or 'privacy only'} × {row.exploitability}"


def _inherited(of: OfVersion | None) -> str:
    row = None if of is None else of.standing or (None if of.written is None else of.written.assessment)
    return str(row.origin.version) if row is not None and row.origin is not None and row.is_inherited else ""
