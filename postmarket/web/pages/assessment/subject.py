"""Who asks about the assessment of which version, and which revision of it the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from postmarket.accounts.authority import may, require
from postmarket.accounts.permissions import Permission
from postmarket.assessment.queries.assessments import OfVersion, of_case, one, revisions
from postmarket.cases.queries.case import find_case
from postmarket.web import clock
from postmarket.web.asking import reader

if TYPE_CHECKING:
    from django.http import HttpRequest

    from postmarket.accounts.models import Person
    from postmarket.assessment.models import Assessment
    from postmarket.assessment.queries.worked import Worked
    from postmarket.cases.models import Case
    from postmarket.inventory.models import DeviceVersion

LONGEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """
    One case and device version, as `by` may see it.

    `mine` is how far the version is, `siblings` the case's other versions of the same device. `shown` is the revision
    that the page shows: the one that is written, else the one that stands, else None; `older` when the address asked
    for another one. `revisions` are all, newest first.
    """

    by: Person
    case: Case
    mine: OfVersion
    siblings: Sequence[OfVersion]
    revisions: Sequence[Assessment]
    shown: Worked | None
    older: bool
    now: datetime

    @property
    def version(self) -> DeviceVersion:
        """The device version."""
        return self.mine.version

    @property
    def written(self) -> Worked | None:
        """The revision that can be written."""
        return self.mine.written

    @property
    def may_edit(self) -> bool:
        """Whether they may write assessments of this device."""
        return may(self.by, Permission.ASSESSMENTS_EDIT, on=self.version.device.line)

    @property
    def origin(self) -> Assessment | None:
        """What a revision would begin with: what stands, else a sibling's; as `services.drafting` chooses it."""
        if self.mine.standing is not None:
            return self.mine.standing
        found = [row for one in self.siblings for row in (one.standing, _row(one)) if row is not None]
        found.sort(key=lambda row: (row.changed_at, row.pk), reverse=True)
        return min(found, key=lambda row: row.is_open, default=None)

    @property
    def can_write(self) -> bool:
        """Whether parts can be saved: one is being written, or nothing is there to begin with."""
        if self.older or not self.case.is_open or not self.may_edit:
            return False
        return self.written is not None or self.origin is None

    def address(self, *, opened: Sequence[str] = (), fragment: str = "") -> str:
        """Where the page is, with these folds open."""
        path = reverse("assessment", args=[self.case.number, self.version.pk])
        query = f"?{urlencode([('open', one) for one in opened])}" if opened else ""
        return f"{path}{query}{f'#{fragment}' if fragment else ''}"


def subject_of(request: HttpRequest, number: str, pk: int) -> Subject:
    """Who asks, and about what. Raises NotAllowed, CaseNotFound, Http404 for a version the case is not about."""
    by = reader(request)
    case = find_case(number, by=by)
    rows = of_case(by=by, case=case)
    mine = next((row for row in rows if row.version.pk == pk), None)
    if mine is None:
        raise Http404
    every = revisions(by=by, case=case, version=mine.version)
    asked = _asked(request.GET.get("revision", ""), every)
    current = mine.written
    if current is None and mine.standing is not None:
        current = one(by=by, key=mine.standing.pk)
    older = asked is not None and (current is None or asked.pk != current.assessment.pk)
    return Subject(
        by=by,
        case=case,
        mine=mine,
        siblings=[row for row in rows if row is not mine and row.version.device_id == mine.version.device_id],
        revisions=every,
        shown=one(by=by, key=asked.pk) if asked is not None and older else current,
        older=older,
        now=clock.now(),
    )


def writer_of(request: HttpRequest, number: str, pk: int) -> Subject:
    """The same for somebody who writes. Raises NotAllowed for who may not."""
    subject = subject_of(request, number, pk)
    require(subject.by, Permission.ASSESSMENTS_EDIT, on=subject.version.device.line)
    return subject


def _row(one: OfVersion) -> Assessment | None:
    return None if one.written is None else one.written.assessment


def _asked(said: str, every: Sequence[Assessment]) -> Assessment | None:
    if not (said.isascii() and said.isdecimal() and len(said) < LONGEST_NUMBER):
        return None
    found = next((row for row in every if row.revision == int(said)), None)
    if found is None:
        raise Http404
    return found
