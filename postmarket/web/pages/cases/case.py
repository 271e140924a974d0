"""One case on one page: where it stands, the next question, its clocks; everything else one fold away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from postmarket.accounts.permissions import Permission
from postmarket.cases.queries.case import CaseDetail, VersionInCase, case_detail
from postmarket.cases.words import WAY, CaseState
from postmarket.policy.interface import Priority, StartBasis
from postmarket.web import clock
from postmarket.web.components.actions import Phase
from postmarket.web.components.tags import Meaning
from postmarket.web.components.text import plural
from postmarket.web.pages.cases.clock_panel import clocks
from postmarket.web.pages.cases.common import may_in, reader
from postmarket.web.pages.cases.words import BASES, CAUSES, DETERMINATIONS, EXPLOITATION, LINKS, STATES
from postmarket.web.pages.findings.words import PRIORITIES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from postmarket.cases.hooks import Missing, Place, Question
    from postmarket.cases.models import Case, StartEvent
    from postmarket.cases.queries.standing import Step

MOST_ANSWERED: Final = 4


@dataclass(frozen=True, slots=True)
class Tag:
    """A word on its colour."""

    meaning: Meaning
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Lacks:
    """What is missing for a step, and where it is mended ("" where nothing here does)."""

    missing: Missing
    url: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step the case can take."""

    step: Step
    name: str
    url: str
    lacks: Sequence[Lacks]
    causes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the case and where it is answered."""

    question: Question
    url: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One line of what was decided."""

    label: str
    line: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A start event in words."""

    row: StartEvent
    name: str


@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The page."""
    by, now = reader(request), clock.now()
    found = case_detail(number, by=by, now=now)
    row = found.case
    steps = [_step(row, one) for one in found.steps]
    asked = [Asked(one, _answered_at(row, one)) for one in found.questions]
    is_open = row.is_open
    context = {
        "found": found,
        "case": row,
        "learned": found.learned,
        "tags": tags(found),
        "phases": phases(found),
        "next": next((one for one in asked if one.question.is_open), None) if is_open else None,
        "answered": [one for one in asked if not one.question.is_open][-MOST_ANSWERED:],
        "waiting": sum(one.question.is_open for one in asked),
        "forward": [one for one in steps if not one.step.back],
        "backward": [one for one in steps if one.step.back],
        "clocks": clocks(found.clocks, now=now),
        "events": [Told(one, BASES[StartBasis(one.basis)]) for one in found.start_events],
        "decided": decided(found),
        "in_field": in_field(found),
        "where": [(one, status(one)) for one in found.versions],
        "links": [(LINKS[one.kind], one.other if one.case_id == row.pk else one.case, one.why) for one in found.links],
        "open_tasks": sum(one.done_at is None for one in found.tasks),
        "watches": any(one.person_id == by.pk for one in found.watchers),
        "steers": may_in(by, Permission.CASES_STEER, row),
        "works": may_in(by, Permission.CASES_WORK, row, whole=False),
        "restricts": may_in(by, Permission.CASES_RESTRICT, row),
        "reads_records": may_in(by, Permission.RECORDS_READ, row, whole=False),
        "is_open": is_open,
        "closed": row.state == CaseState.CLOSED.value,
    }
    return render(request, "cases/case.html", context)


def tags(found: CaseDetail) -> list[Tag]:
    """What stands out, patients first; what nobody has said is hatched."""
    row, judged = found.case, found.judged
    marks = []
    if judged.determination is not None:
        words, meaning = DETERMINATIONS[judged.determination]
        marks.append(Tag(meaning, words))
    else:
        marks.append(Tag(Meaning.UNKNOWN, "Controlled or not: not signed", "Unknown is never treated as controlled"))
    if row.known_exploitation is None:
        marks.append(Tag(Meaning.UNKNOWN, "Exploitation: nobody said"))
    else:
        words, meaning = EXPLOITATION[row.known_exploitation]
        marks.append(Tag(meaning, words))
    if found.priority is None:
        marks.append(Tag(Meaning.UNKNOWN, "Not ranked", "Unknown, not low"))
    else:
        words, meaning = PRIORITIES[found.priority]
        why = found.overrides[0].rationale if found.overrides else row.priority_reason
        marks.append(Tag(meaning, f"{words}, set by hand" if found.overrides else words, why))
    if found.facts is not None and found.facts.kev_added is not None:
        marks.append(Tag(Meaning.HARM, "KEV", "Known to be exploited somewhere, by CISA"))
    if found.facts is not None and found.facts.score is not None:
        marks.append(Tag(Meaning.PLAIN, found.facts.score_label))
    return marks


def phases(found: CaseDetail) -> list[Phase]:
    """The way of a case, and where this one is on it."""
    here = CaseState(found.case.state)
    return [Phase(STATES[state], found.entered.get(state), now=state is here) for state in WAY]


def in_field(found: CaseDetail) -> str:
    """How many versions, units and customers; what nobody counted is said."""
    parts = [plural(len(found.versions), "version")]
    uncounted = sum(one.units is None for one in found.versions)
    if found.units is not None:
        parts.append(plural(found.units, "unit"))
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


def decided(found: CaseDetail) -> list[Decided]:
    """What was decided, one line each."""
    row, lines = found.case, []
    if found.judged.determination is not None:
        words, _ = DETERMINATIONS[found.judged.determination]
        lines.append(Decided("Assessment", f"{words}. Both leads signed.", found.judged.since))
    if row.known_exploitation is not None:
        words, _ = EXPLOITATION[row.known_exploitation]
        lines.append(Decided("Exploitation", f"{words}.", row.exploitation_said_at))
    lines += [
        Decided("Priority", f"{PRIORITIES[Priority(one.priority)][0]}: {one.rationale} ({one.by.name})", one.at)
        for one in found.overrides
    ]
    lines += [Decided("Left out", f"{one.row.version}: {one.row.why}", one.row.removed_at) for one in found.left_out]
    if row.reopened_because:
        lines.append(Decided("Re-opened", row.reopened_because, row.state_since))
    if row.outcome:
        lines.append(Decided("Closed", f"{row.outcome.capitalize()}.", row.closed_at))
    return lines


def _step(row: Case, step: Step) -> StepShown:
    return StepShown(
        step=step,
        name=STATES[step.to].lower(),
        url=reverse("case-move", args=[row.number, step.to.value]),
        lacks=[Lacks(one, _place(one.place)) for one in step.missing],
        causes=() if step.back else CAUSES.get(step.to, ()),
    )


def _answered_at(row: Case, question: Question) -> str:
    """Where a question is answered: its own place, else here."""
    if question.place is not None:
        return _place(question.place)
    here = {"exploitation": "case-exploitation", "versions": "case-version-add", "mdr-aware": "case-event-add"}
    route = here.get(question.key)
    if route is None:
        return ""
    address = reverse(route, args=[row.number])
    return f"{address}?{urlencode({'basis': StartBasis.MDR_AWARE.value})}" if question.key == "mdr-aware" else address


def _place(place: Place | None) -> str:
    if place is None:
        return ""
    try:
        address = reverse(place.route, kwargs=dict(place.kwargs))
    except NoReverseMatch:
        return ""
    return f"{address}#{place.fragment}" if place.fragment else address
