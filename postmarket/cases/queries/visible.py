"""
Which cases somebody may see: every query of cases, and of anything in them, goes through here.

A restricted case is for its members, and for who may read restricted cases of its device lines. An API token is no
member of anything and sees none.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from postmarket.accounts.authority import Caller, lines
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.rules import Lines
from postmarket.cases.errors import CaseNotFound
from postmarket.cases.models import Case, CaseReport, CaseVersion, Member
from postmarket.intake.models import Report


def visible_to(by: Caller, at: str = "") -> Q:
    """A filter for rows of which `by` may see the case; `at` is the way from the row to the case, "" on Case itself."""
    return Q(**{f"{at}__in" if at else "pk__in": cases(by).values("pk")})


def cases(by: Caller) -> QuerySet[Case]:
    """The cases that `by` may see, unordered."""
    held = lines(by, Permission.CONTENT_READ)
    if not held:
        return Case.objects.none()
    seen = Q(restricted=False) & _in(held)
    if isinstance(by, Person):
        member = Exists(Member.objects.filter(case=OuterRef("pk"), person=by))
        seen |= Q(member) & Q(restricted=True)
        anyway = lines(by, Permission.RESTRICTED_READ)
        if anyway:
            seen |= Q(restricted=True) & _in(anyway)
    return Case.objects.filter(seen).order_by()


def not_found(number: str) -> CaseNotFound:
    """What is said of a case that is not there, and of one that is not for them: the same."""
    return CaseNotFound("There is no such case", where=number[:20], next_step="Look at the list again.")


def hidden_reports(by: Caller) -> Q:
    """A filter on Report: those in a case that `by` may not see."""
    return Q(pk__in=CaseReport.objects.exclude(case__in=cases(by).values("pk")).values("report"))


def shown_reports(by: Caller) -> QuerySet[Report]:
    """The reports in cases that `by` may see, whichever device they are about."""
    return Report.objects.filter(pk__in=CaseReport.objects.filter(visible_to(by, "case")).values("report"))


def _in(held: Lines) -> Q:
    """
    Cases with a device version, or a report about a device, of these lines.

    One about no device yet is for those who have all lines.
    """
    if held.every:
        return Q()
    by_version = CaseVersion.objects.filter(case=OuterRef("pk"), version__device__line__in=held.ids)
    by_report = CaseReport.objects.filter(case=OuterRef("pk"), report__devices__line__in=held.ids)
    return Q(Exists(by_version)) | Q(Exists(by_report))
