"""What is done to a case as a whole: moved on, re-opened, answered, named, owned, ranked, given versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.views.decorators.http import require_http_methods

from postmarket.accounts.authority import ANYWHERE, people_with
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.queries.standing import steps
from postmarket.cases.services.people import set_owner
from postmarket.cases.services.steps import move_case, move_on, reopen_case
from postmarket.cases.services.triage import (
    bring_in_version,
    leave_out_version,
    override_priority,
    retitle,
    say_exploitation,
)
from postmarket.cases.words import CaseState, Exploitation
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.queries.scope import readable
from postmarket.inventory.words import VersionState
from postmarket.policy.interface import Priority
from postmarket.web import clock
from postmarket.web.pages.cases.common import Act, act_in, case_for
from postmarket.web.pages.cases.forms import (
    ExploitationForm,
    PersonForm,
    PriorityForm,
    StepForm,
    TitleForm,
    VersionForm,
    WhyForm,
    named,
)
from postmarket.web.pages.cases.words import CAUSES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from postmarket.cases.queries.standing import Step

BOTH = ["GET", "POST"]


@require_http_methods(BOTH)
def move(request: HttpRequest, number: str, to: str) -> HttpResponse:
    """The next step, or one back; what is missing for it stands there, and then it has no button."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    now = clock.now()
    step = next((one for one in steps(case, now=now) if one.to.value == to), None)
    if step is None:
        raise Http404
    early = step.to is CaseState.CLOSED and CaseState(case.state) in (CaseState.TRIAGED, CaseState.ASSESSED)
    form = StepForm(request.POST or None, needs_reason=step.back or early)
    page = Act(
        heading=f"{'Take it back to' if step.back else 'Is it'} {step.to.value}{'.' if step.back else '?'}",
        lead=_lead(step, early=early),
        button=f"{'Back to' if step.back else 'It is'} {step.to.value}" if step.is_open else "",
        done=f"{case.number} is {step.to.value} now.",
        causes=("Who watches the case is told.",) if step.back else CAUSES.get(step.to, ()),
        shown=[f"{one.what}. {one.next_step}" for one in step.missing],
    )
    return act_in(
        request,
        case,
        form,
        lambda data: (move_on if step.through else move_case)(by=by, case=case, to=step.to, why=data["why"], now=now),
        page,
    )


def _lead(step: Step, *, early: bool) -> str:
    if step.back:
        return "A step back takes a reason; what was decided stays."
    if not step.is_open:
        return "Not yet: this is missing."
    if step.through:
        way = " and ".join(one.value for one in step.through)
        return f"It is {way} by it too: nothing is missing for any of them, and each stands in the records."
    return "Closed this early it says that no device is affected." if early else "Nothing is missing for it."


@require_http_methods(BOTH)
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """A closed case is open again."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    page = Act(
        heading=f"Re-open {case.number}?",
        lead="It is triaged again.",
        button="Re-open it",
        done=f"{case.number} is open again.",
        causes=("Clocks that were not stopped run on from their old starts.", "Who watches the case is told."),
    )
    return act_in(
        request,
        case,
        WhyForm(request.POST or None),
        lambda data: reopen_case(by=by, case=case, because=data["why"], now=clock.now()),
        page,
    )


@require_http_methods(BOTH)
def exploitation(request: HttpRequest, number: str) -> HttpResponse:
    """Whether it is exploited on a device of ours."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    known = case.known_exploitation
    form = ExploitationForm(request.POST or None, initial={"exploitation": known.value if known else None})
    page = Act(
        heading="Is it exploited on a device of ours?",
        lead="As far as we know today. Until somebody says it, it is unknown, which is not no.",
        button="Say it",
        done="Said, and on record.",
        causes=(
            "Suspected or active exploitation raises exploitability to high.",
            "Its clocks are counted anew from what is known then.",
        ),
    )
    return act_in(
        request,
        case,
        form,
        lambda data: say_exploitation(
            by=by, case=case, exploitation=Exploitation(data["exploitation"]), why=data["why"], now=clock.now()
        ),
        page,
    )


@require_http_methods(BOTH)
def title(request: HttpRequest, number: str) -> HttpResponse:
    """The patient risk in another sentence."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    page = Act(
        heading="What can happen to a patient?",
        lead="One sentence, as a nurse would say it: it is the case's title everywhere.",
        button="Say it so",
        done="The case is named anew.",
    )
    return act_in(
        request,
        case,
        TitleForm(request.POST or None, initial={"title": case.title}),
        lambda data: retitle(by=by, case=case, title=data["title"], why=data["why"], now=clock.now()),
        page,
    )


@require_http_methods(BOTH)
def owner(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody else carries it."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    people = named(people_with(Permission.CASES_WORK, on=ANYWHERE))
    page = Act(
        heading=f"Who owns {case.number}?",
        lead=f"Now it is {case.owner.name}.",
        button="Hand it over",
        done="The case has its owner.",
        causes=("They are told before its clocks end.", "The owner of a restricted case becomes its member."),
    )
    return act_in(
        request,
        case,
        PersonForm(request.POST or None, people=people, initial={"person": str(case.owner_id)}),
        lambda data: set_owner(
            by=by, case=case, owner=Person.objects.get(pk=data["person"]), why=data["why"], now=clock.now()
        ),
        page,
    )


@require_http_methods(BOTH)
def priority(request: HttpRequest, number: str) -> HttpResponse:
    """Another place in the order of work than the rule gives."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    page = Act(
        heading="Should it come sooner or later than the rule says?",
        lead=case.priority_reason or "Nothing could be ranked by rule: it is unknown, not low.",
        button="Set the priority",
        done="The priority is set, with its rationale.",
        causes=("It moves in every list.", "No clock moves by it."),
    )
    return act_in(
        request,
        case,
        PriorityForm(request.POST or None),
        lambda data: override_priority(
            by=by, case=case, priority=Priority(int(data["priority"])), rationale=data["rationale"], now=clock.now()
        ),
        page,
    )


@require_http_methods(BOTH)
def version_add(request: HttpRequest, number: str) -> HttpResponse:
    """It is about another shipped version too."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    found = DeviceVersion.objects.filter(readable(by, "device__line"), state=VersionState.SHIPPED.value)
    found = found.exclude(cases__in=case.versions.filter(removed_at=None)).select_related("device")
    choices = [(str(one.pk), str(one)) for one in found.order_by("device__name", "pk")]
    page = Act(
        heading="Which other shipped version is it about?",
        lead="What monitoring matches comes in by itself; this is for what it cannot see.",
        button="Bring it in",
        done="The version is in the case.",
        causes=("It is assessed with the others, and its users are told.",),
    )
    return act_in(
        request,
        case,
        VersionForm(request.POST or None, versions=choices),
        lambda data: bring_in_version(
            by=by, case=case, version=found.get(pk=data["version"]), why=data["why"], now=clock.now()
        ),
        page,
    )


@require_http_methods(BOTH)
def version_out(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It is not about this version."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    row = case.versions.filter(version=pk, removed_at=None).select_related("version__device").first()
    if row is None:
        raise Http404
    page = Act(
        heading=f"Leave {row.version} out?",
        lead="The reason stands in the case, and the version can come back.",
        button="Leave it out",
        done=f"{row.version} is left out.",
        causes=("Nobody assesses it in this case, and its users are not told.",),
    )
    return act_in(
        request,
        case,
        WhyForm(request.POST or None),
        lambda data: leave_out_version(by=by, case=case, version=row.version, why=data["why"], now=clock.now()),
        page,
    )
