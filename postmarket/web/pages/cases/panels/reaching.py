"""How it reaches the patient: the pathway of the version that speaks for the case, and which others differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.assessment.rules.pathway import missing
from postmarket.web.pages.cases.panels.assessed import content_of, rows_of
from postmarket.web.pages.pathway.drawn import Drawn, drawn
from postmarket.web.pages.pathway.words import KINDS
from postmarket.web.pages.places import place

if TYPE_CHECKING:
    from postmarket.assessment.queries.assessments import OfVersion
    from postmarket.cases.models import Case
    from postmarket.inventory.models import DeviceVersion
    from postmarket.web.pages.cases.panels.assessed import Assessed


@dataclass(frozen=True, slots=True)
class Other:
    """A version with another pathway, or none."""

    version: DeviceVersion
    url: str


@dataclass(frozen=True, slots=True)
class Reaching:
    """
    The picture, None where nothing is drawn; `gone` names the kinds of steps that are missing.

    `edit` is "Edit pathway, version 3", with its `url`. `privacy` is the statement where only data are at stake.
    """

    drawn: Drawn | None
    version: DeviceVersion | None
    gone: Sequence[str]
    privacy: str
    edit: str
    url: str
    unsigned: bool
    others: Sequence[Other]


def reaching(case: Case, of: Assessed) -> Reaching:
    """Nothing is read for it."""
    lead = _drawn_first(of)
    if lead is None:
        return Reaching(None, None, (), "", "", "", unsigned=False, others=())
    content = content_of(lead)
    pathway = None if content is None else content.exploit_impact_pathway
    newest = max((row.revision for row in rows_of(lead)), default=0)
    picture = None if pathway is None else drawn(pathway)
    same = None if pathway is None else pathway.steps
    return Reaching(
        drawn=picture,
        version=lead.version,
        gone=[KINDS[kind].lower() for kind in missing(pathway)] if pathway is not None and picture else (),
        privacy="" if content is None or content.privacy is None else content.privacy.statement,
        edit=f"Edit pathway, version {newest}" if picture else "Draw it",
        url=place("pathway", number=case.number, pk=lead.version.pk),
        unsigned=lead.standing is None,
        others=[
            Other(one.version, place("pathway", number=case.number, pk=one.version.pk))
            for one in of.versions
            if one is not lead and _steps(one) != same
        ],
    )


def _drawn_first(of: Assessed) -> OfVersion | None:
    """The leading version; another one where it has no pathway and that one has."""
    if of.leading is None or _steps(of.leading):
        return of.leading
    return next((one for one in of.versions if _steps(one)), of.leading)


def _steps(one: OfVersion) -> object:
    content = content_of(one)
    return None if content is None else content.exploit_impact_pathway.steps
