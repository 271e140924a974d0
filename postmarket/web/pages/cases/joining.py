"""Two cases become one, one becomes two, two are linked; which start events count is said before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from postmarket.accounts.permissions import Permission
from postmarket.cases.errors import InvalidCase
from postmarket.cases.queries.near import near
from postmarket.cases.queries.together import starts_of, together
from postmarket.cases.services.joining import check_merge, merge_case
from postmarket.cases.services.splitting import link_cases, split_case
from postmarket.cases.words import LinkKind
from postmarket.policy.interface import StartBasis
from postmarket.web import clock
from postmarket.web.components import dates
from postmarket.web.components.text import plural
from postmarket.web.pages.cases.common import Act, act_in, case_for
from postmarket.web.pages.cases.forms import WhyForm
from postmarket.web.pages.cases.joining_forms import MergeForm, OtherForm, SplitForm
from postmarket.web.pages.cases.words import BASES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from postmarket.accounts.models import Person
    from postmarket.cases.models import Case, StartEvent

BOTH = ["GET", "POST"]
FEWEST_TO_SPLIT = 2


@require_http_methods(BOTH)
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """It goes on in another case: first which, then what comes of it."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    choosing = OtherForm(request.GET if "other" in request.GET else None, by=by, case=case)
    if not choosing.is_valid():
        return _choose(request, by, case, choosing, f"In which case does {case.number} go on?")
    into = choosing.found
    page = _cannot_merge(case, into) or Act(
        heading=f"Merge {case.number} into {into.number}?",
        lead=f"It goes on in {into.number}: {into.title}",
        button=f"Merge into {into.number}",
        done=f"{case.number} goes on in this case.",
        shown=_starts("These starts count then, the earliest of each kind", starts_of(case, into)),
        causes=_of_merging(case, into),
        follows=True,
    )
    return act_in(
        request,
        case,
        MergeForm(request.POST or None),
        lambda data: merge_case(
            by=by, case=case, into=into, kind=LinkKind(data["kind"]), why=data["why"], now=clock.now()
        ),
        page,
    )


def _cannot_merge(case: Case, into: Case) -> Act | None:
    """Why they cannot go on as one, before anybody fills the form."""
    try:
        check_merge(case, into)
    except InvalidCase as error:
        return Act(
            heading=f"{case.number} cannot go on in {into.number}.",
            lead=f"{error.reason()}",
            button="",
            done="",
        )
    return None


def _of_merging(case: Case, into: Case) -> list[str]:
    found = together(case, into)
    going = (
        plural(found.versions, "more version"),
        plural(found.reports, "report"),
        plural(found.tasks, "open task"),
    )
    return [
        f"{', '.join(going)} and all who watch it come into {into.number}.",
        "Its dates may be nearer then: the earliest start of both counts.",
        "A clock counts as done only where it was done in both, and none stands still any more.",
        f"{case.number} stays to be read, as merged. Its comments and files stay there.",
        "It cannot be undone; versions can be split off again.",
    ]


@require_http_methods(BOTH)
def split(request: HttpRequest, number: str) -> HttpResponse:
    """Some of its versions need another way."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    rows = case.versions.filter(removed_at=None).select_related("version__device")
    versions = {str(row.version_id): row.version for row in rows.order_by("version__device__name", "version_id")}
    possible = len(versions) >= FEWEST_TO_SPLIT
    page = Act(
        heading=f"Split {case.number}?" if possible else f"{case.number} cannot be split.",
        lead="Some versions go on in a case of their own, with the same past."
        if possible
        else f"It is about {plural(len(versions), 'version')}: some have to go, and some to stay.",
        button="Split it" if possible else "",
        done=f"These versions were split from {case.number}, and go on in a case of their own.",
        shown=_starts("A copy of these starts goes along", starts_of(case)) if possible else (),
        causes=(
            "The new case has the same dates: a clock is done in it where it is done here.",
            "Reports, comments, files and tasks stay here: each reporter is answered once.",
            "It begins no later than triaged, with the same owner, embargo and members.",
            "The two are linked. They can be merged again.",
        )
        if possible
        else (),
        follows=True,
    )
    form = SplitForm(
        request.POST or None, versions=[(pk, str(one)) for pk, one in versions.items()], initial={"title": case.title}
    )
    return act_in(
        request,
        case,
        form,
        lambda data: split_case(
            by=by,
            case=case,
            versions=[versions[pk] for pk in data["versions"]],
            title=data["title"],
            why=data["why"],
            now=clock.now(),
        ),
        page,
    )


@require_http_methods(BOTH)
def link(request: HttpRequest, number: str) -> HttpResponse:
    """It has to do with another case."""
    by, case = case_for(request, number, Permission.CASES_WORK, whole=False)
    choosing = OtherForm(request.GET if "other" in request.GET else None, by=by, case=case)
    if not choosing.is_valid():
        return _choose(request, by, case, choosing, f"Which case has to do with {case.number}?")
    other = choosing.found
    page = Act(
        heading=f"Link {case.number} with {other.number}?",
        lead=f"{other.number}: {other.title}",
        button="Link them",
        done=f"{case.number} and {other.number} are linked.",
        causes=(
            "Each names the other, to who may see both.",
            "Nothing else: each keeps its versions, dates and decisions.",
        ),
        fragment="?open=links#links",
    )
    return act_in(
        request,
        case,
        WhyForm(request.POST or None),
        lambda data: link_cases(by=by, case=case, other=other, why=data["why"], now=clock.now()),
        page,
    )


def _choose(request: HttpRequest, by: Person, case: Case, form: OtherForm, heading: str) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "heading": heading,
        "near": near(case, by=by),
        "back": reverse("case", args=[case.number]),
    }
    return render(request, "cases/choose.html", context, status=400 if form.errors else 200)


def _starts(said: str, events: Sequence[StartEvent]) -> list[str]:
    if not events:
        return ["Nothing has started a clock yet."]
    lines = [
        f"{BASES[StartBasis(one.basis)]}: {dates.in_words(one.at)}, {one.person} ({one.case.number})" for one in events
    ]
    return [f"{said}:", *lines]
