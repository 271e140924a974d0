"""Start events are noted and corrected; clocks are stopped, paused and resumed where they may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.views.decorators.http import require_http_methods

from postmarket.accounts.permissions import Permission
from postmarket.cases.services.events import correct_start_event, note_start_event, void_start_event
from postmarket.cases.services.stopping import pause_clock, resume_clock, stop_clock
from postmarket.cases.words import ClockState, EmployeeClass
from postmarket.policy.interface import StartBasis
from postmarket.web import clock
from postmarket.web.components import dates
from postmarket.web.pages.cases.common import Act, act_in, case_for, given
from postmarket.web.pages.cases.forms import CorrectForm, EventForm, StopForm, WhyForm
from postmarket.web.pages.cases.words import BASES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from postmarket.cases.models import Case, Clock, StartEvent

BOTH = ["GET", "POST"]
STAYS = "The old date stays to be read, marked void."


def _kind(data: dict[str, object]) -> EmployeeClass | None:
    said = data["employee_class"]
    return EmployeeClass(str(said)) if said else None


@require_http_methods(BOTH)
def event_add(request: HttpRequest, number: str) -> HttpResponse:
    """Something happened that clocks may start from; `?basis=` chooses what."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    asked = request.GET.get("basis", StartBasis.VULNERABILITY_LEARNED.value)
    page = Act(
        heading="What happened, and when?",
        lead="Each rule says which event starts its clock. The earliest of a kind counts, however late it is noted.",
        button="Note it",
        done="The event is noted, and the clocks are counted.",
        causes=("Clocks that start on it run from when it happened, and may be late at once.",),
        fragment="?open=starts#starts",
    )
    return act_in(
        request,
        case,
        EventForm(request.POST or None, request.FILES or None, initial={"basis": asked, "at": clock.now()}),
        lambda data: note_start_event(
            by=by,
            case=case,
            basis=StartBasis(data["basis"]),
            at=data["at"],
            person=data["person"],
            employee_class=_kind(data),
            shown_by=given(data["shown_by"]),
            why=data["why"],
            now=clock.now(),
        ),
        page,
    )


@require_http_methods(BOTH)
def event_correct(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It was otherwise."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    event = _event(case, pk)
    page = Act(
        heading=f"When was it really: {BASES[StartBasis(event.basis)][0].lower()}{BASES[StartBasis(event.basis)][1:]}?",
        lead=f"It says {dates.exact(event.at)}, {event.person}{', by system' if event.by_system else ''}.",
        button="Correct it",
        done="It is corrected, and the clocks are counted anew.",
        causes=("Its clocks run from the corrected time.", STAYS),
        fragment="?open=starts#starts",
    )
    initial = {"at": event.at, "person": event.person, "employee_class": event.employee_class}
    return act_in(
        request,
        case,
        CorrectForm(request.POST or None, request.FILES or None, initial=initial),
        lambda data: correct_start_event(
            by=by,
            event=event,
            at=data["at"],
            person=data["person"],
            employee_class=_kind(data),
            shown_by=given(data["shown_by"]),
            why=data["why"],
            now=clock.now(),
        ),
        page,
    )


@require_http_methods(BOTH)
def event_void(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It did not happen."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    event = _event(case, pk)
    page = Act(
        heading="Did it never happen?",
        lead=f"{BASES[StartBasis(event.basis)]}, {dates.exact(event.at)}, {event.person}.",
        button="Declare it void",
        done="It is void, and the clocks are counted anew.",
        causes=("It starts no clock any more.", STAYS),
        fragment="?open=starts#starts",
    )
    return act_in(
        request,
        case,
        WhyForm(request.POST or None),
        lambda data: void_start_event(by=by, event=event, why=data["why"], now=clock.now()),
        page,
    )


@require_http_methods(BOTH)
def clock_stop(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What stops it has happened."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    row = _clock(case, pk)
    form = StopForm(request.POST or None, request.FILES or None, initial={"at": clock.now()})
    if not row.series:
        del form.fields["ends_series"]
    page = Act(
        heading=f"Was it done: {row.title}?",
        lead=f"It stops on: {row.stops_on}.",
        button="It was done",
        done=f"“{row.title}” has stopped.",
        causes=("Others that stop on the same act stop with it.", f"By {row.authority}: {row.citation}."),
        fragment="#clocks",
    )
    return act_in(
        request,
        case,
        form,
        lambda data: stop_clock(
            by=by,
            clock=row,
            at=data["at"],
            shown_by=given(data["shown_by"]),
            ends_series=data.get("ends_series", False),
            why=data["why"],
            now=clock.now(),
        ),
        page,
    )


@require_http_methods(BOTH)
def clock_pause(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It stands still, or runs on. One of the law, guidance or a standard does not, and the page says why."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    row = _clock(case, pk)
    paused = row.state == ClockState.PAUSED.value
    service = resume_clock if paused else pause_clock
    return act_in(
        request,
        case,
        WhyForm(request.POST or None),
        lambda data: service(by=by, clock=row, why=data["why"], now=clock.now()),
        _pausing(row, paused=paused),
    )


def _pausing(row: Clock, *, paused: bool) -> Act:
    if paused:
        return Act(
            heading=f"Let it run on: {row.title}?",
            lead="It ends later by as long as it stood still.",
            button="Let it run on",
            done=f"“{row.title}” runs again.",
            fragment="#clocks",
        )
    if not row.pausable:
        return Act(
            heading=f"“{row.title}” cannot be paused.",
            lead=f"It is a clock by {row.authority} ({row.citation}): it stops on its own event only.",
            button="",
            done="",
            shown=(f"It stops on: {row.stops_on}.", "If its start was wrong, correct the start event."),
            fragment="#clocks",
        )
    return Act(
        heading=f"Pause “{row.title}”?",
        lead=f"It is a clock by {row.authority}, no rule of FDA's: it may stand still, for a reason that is kept.",
        button="Pause it",
        done=f"“{row.title}” stands still.",
        causes=("Nobody is told that it ends while it stands still.", "Clocks of the law run on."),
        fragment="#clocks",
    )


def _event(case: Case, pk: int) -> StartEvent:
    found = case.start_events.filter(pk=pk, voided_at=None).first()
    if found is None:
        raise Http404
    return found


def _clock(case: Case, pk: int) -> Clock:
    on = (ClockState.RUNNING.value, ClockState.PAUSED.value)
    found = case.clocks.filter(pk=pk, state__in=on).select_related("case", "start").first()
    if found is None:
        raise Http404
    return found
