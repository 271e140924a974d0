"""Incidents at hospitals, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from postmarket.web.components.tags import Meaning
from postmarket.web.pages.cases.panels.tags import Tag
from postmarket.web.pages.places import place

if TYPE_CHECKING:
    from postmarket.assessment.queries.case_page import Handled
    from postmarket.cases.models import Case
    from postmarket.web.pages.cases.panels.assessed import Assessed


@dataclass(frozen=True, slots=True)
class Line:
    """An incident: where, how it stands, what comes next or was last done."""

    number: str
    site: str
    stands: Tag
    line: str
    at: datetime
    url: str


def hospitals(case: Case, of: Assessed) -> list[Line]:
    """Newest first; nothing is read for it."""
    return [_line(case, one) for one in of.incidents]


def _line(case: Case, one: Handled) -> Line:
    row = one.incident
    stands, said = _stands(one)
    return Line(
        number=row.number,
        site=str(row.site),
        stands=stands,
        line=said,
        at=row.known_at,
        url=place("incident", number=case.number, pk=row.pk),
    )


def _stands(one: Handled) -> tuple[Tag, str]:
    row = one.incident
    if row.ruled_out_at is not None:
        return Tag(Meaning.PLAIN, "Ruled out"), row.ruled_out_why
    if row.restored_at is not None:
        return Tag(Meaning.SAFE, "Restored"), row.restored_how
    exploited = Tag(Meaning.HARM if row.exploitation == "active" else Meaning.SOON, row.exploitation.capitalize())
    if row.isolated_at is not None:
        return exploited, f"Isolated by {row.isolated_by}. Waits to be restored."
    if one.approval is not None:
        return exploited, "The plan is approved. Waits to be isolated."
    if row.planned_at is not None:
        return exploited, "The plan waits for the clinical safety lead."
    return exploited, f"{row.what} Waits for a plan."
