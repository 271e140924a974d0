"""Who builds a pathway, of which case and version, and what the page has to hand for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse

from postmarket.accounts.authority import may, require
from postmarket.accounts.permissions import Permission
from postmarket.assessment.queries.assessments import controls_of, templates_of
from postmarket.assessment.queries.beginnings import Beginning, beginning
from postmarket.assessment.words import ControlKind
from postmarket.cases.queries.case import find_case
from postmarket.web.asking import reader
from postmarket.web.pages.pathway.offers import Offer, offers
from postmarket.web.pages.places import place

if TYPE_CHECKING:
    from django.http import HttpRequest

    from postmarket.accounts.models import Person
    from postmarket.assessment.models import Control, PathwayTemplate
    from postmarket.cases.models import Case


@dataclass(frozen=True)
class Asked:
    """
    One request's person, case, version; `controls` are the device's, by key, `templates` its kept pathways.

    `writes` says whether they may build it, in a case that is open.
    """

    by: Person
    case: Case
    begun: Beginning
    controls: Mapping[int, Control]
    templates: Sequence[PathwayTemplate]
    writes: bool

    @cached_property
    def offers(self) -> list[Offer]:
        """What it can be begun with."""
        return offers(self.begun, self.templates)

    @property
    def kinds(self) -> dict[int, ControlKind]:
        """Of each control."""
        return {key: ControlKind(one.kind) for key, one in self.controls.items()}

    @property
    def names(self) -> dict[int, tuple[str, ControlKind]]:
        """Of each control, with its kind."""
        return {key: (one.name, ControlKind(one.kind)) for key, one in self.controls.items()}

    def template(self, key: str) -> PathwayTemplate | None:
        """The device's kept pathway of that key."""
        return next((one for one in self.templates if str(one.pk) == key), None)

    @property
    def place(self) -> str:
        """The page itself."""
        return reverse("pathway", args=[self.case.number, self.begun.version.pk])

    def next_place(self) -> str:
        """The assessment, which goes on with scores and harm; the case where there is no such page."""
        number, pk = self.case.number, self.begun.version.pk
        return place("assessment", number=number, pk=pk) or f"{reverse('case', args=[number])}#pathway"


def asked(request: HttpRequest, number: str, pk: int, *, writes: bool = True) -> Asked:
    """
    `writes` is what they are about to do. Raises CaseNotFound, NotFound for a version it is not about, NotAllowed.
    """
    by = reader(request)
    case = find_case(number, by=by)
    begun = beginning(by=by, case=case, version=pk)
    device = begun.version.device
    if writes:
        require(by, Permission.ASSESSMENTS_EDIT, on=device.line)
    return Asked(
        by=by,
        case=case,
        begun=begun,
        controls={one.pk: one for one in controls_of(by=by, device=device)},
        templates=templates_of(by=by, device=device),
        writes=case.is_open and may(by, Permission.ASSESSMENTS_EDIT, on=device.line),
    )
