"""The first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from postmarket.accounts.authority import may
from postmarket.accounts.permissions import Permission
from postmarket.inventory.queries.currency import portfolio_currency, waiting_held
from postmarket.inventory.store import store
from postmarket.inventory.words import Answer
from postmarket.matching.loaded import loaded
from postmarket.monitoring.queries.coverage import portfolio_coverage
from postmarket.monitoring.queries.decisions import reopened, to_sign
from postmarket.monitoring.queries.findings import Asked, counts, findings
from postmarket.monitoring.queries.findings.dues import running
from postmarket.monitoring.words import UNDECIDED
from postmarket.policy.interface import Priority
from postmarket.web.components import dates as said
from postmarket.web.pages.assessment.panel import panel as assessments
from postmarket.web.pages.cases.panel import panel
from postmarket.web.pages.context import Asking, asking
from postmarket.web.pages.devices.beginning import beginning
from postmarket.web.pages.devices.currency import reason
from postmarket.web.pages.findings.blank import any_device
from postmarket.web.pages.findings.items import items, most
from postmarket.web.pages.findings.sight import Sight
from postmarket.web.pages.findings.why import in_one_line
from postmarket.web.pages.incidents.panel import panel as incidents_panel
from postmarket.web.pages.today.dues import DAYS, due_dates
from postmarket.web.pages.today.headline import Day, headline
from postmarket.web.pages.today.visits import keep_visit, new_since
from postmarket.web.pages.waiting import STATES, TO_JUDGE, keep_today, keep_triage
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from postmarket.inventory.models import Sbom

MOST_PRESSING = 5
MOST_NEW = 6
MOST_WAITING = 4
READ_AT_ONCE = 30
"""Rows read for each list: several rows come together to one item."""


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What is late, what is due, what waits, what is new since the last visit, and what nobody can see."""
    ask = asking(request)
    since = new_since(request, now=ask.now)
    signing, again = to_sign(by=ask.by), reopened(by=ask.by)
    to_sign_count, reopened_count = signing.count(), again.count()
    fresh = Asked(lanes=(Lane.WORKLIST,), shipped=True, states=UNDECIDED, since=since)
    seen = ask.remembered("coverage", lambda: portfolio_coverage(by=ask.by))
    counted = ask.remembered("counts", lambda: counts(by=ask.by))
    keep_triage(ask.held, counted)
    keep_today(ask.by)
    pressing = items(findings(by=ask.by, asked=TO_JUDGE).cut(0, READ_AT_ONCE), pack=ask.pack)
    now_first = [item for item in pressing if item.priority is Priority.NOW]
    first = most(now_first or pressing, MOST_PRESSING)
    new_items = most(items(findings(by=ask.by, asked=fresh).cut(0, READ_AT_ONCE), pack=ask.pack), MOST_NEW, but=first)
    dates = due_dates(
        ask.remembered("running", lambda: running(by=ask.by, asked=TO_JUDGE)),
        pack=ask.pack,
        now=ask.now,
        url=reverse("triage"),
    )
    held = waiting_held(ask.by)
    cases, incidents = panel(by=ask.by, now=ask.now), incidents_panel(by=ask.by)
    assessed = assessments(by=ask.by)
    waiting = [one for one in counted if one.shipped and one.lane is Lane.WORKLIST and one.state in STATES]
    pressing_rows = sum(one.rows for one in waiting if one.priority is Priority.NOW)
    day = Day(
        versions=seen.versions,
        loaded=bool(loaded(store())),
        incident=incidents.headline,
        late=dates.late,
        late_clocks=cases.counts.late,
        soon_clocks=cases.counts.soon,
        pressing=pressing_rows,
        devices=tuple(dict.fromkeys(item.device.name for item in now_first)),
        due=dates.on_next,
        due_words=said.in_words(dates.next) if dates.next else "",
        to_sign=to_sign_count,
        to_sign_assessments=assessed.to_sign,
        reopened=reopened_count,
        reopened_assessments=assessed.reopened,
        open=sum(one.rows for one in waiting),
        own_cases=len(cases.mine) + cases.more_mine,
        own_tasks=len(cases.tasks),
        held=sum(may(ask.by, Permission.SBOMS_UPLOAD, on=one.version.device.line) for one in held),
        unseen_versions=seen.blind,
        judging=seen.waiting,
        any_device=bool(seen.versions) or any_device(ask.by),
    )
    response = render(
        request,
        "today/today.html",
        {
            "headline": headline(day),
            "day": day,
            "now": ask.now,
            "dates": dates,
            "days": DAYS,
            "cases": cases,
            "incidents": incidents,
            "assessments": assessed,
            "first": first,
            "new": new_items,
            "why": in_one_line(new_items, ask),
            "new_count": ask.remembered("count", findings(by=ask.by, asked=fresh).count, fresh),
            "to_sign": signing[:MOST_WAITING],
            "to_sign_count": to_sign_count,
            "reopened": again[:MOST_WAITING],
            "reopened_count": reopened_count,
            "stale": [*held_ones(held), *ask.remembered("stale", lambda: stale(ask), said.today())],
            "since": since,
            "sight": Sight(seen.counts, seen.causes),
            "may_wait": day.open - pressing_rows,
            "beginning": None if day.any_device else beginning(ask.by),
        },
    )
    keep_visit(request, response, now=ask.now)
    return response


@dataclass(frozen=True, slots=True)
class Stale:
    """A shipped version whose SBOM is not current, or one that waits for a person, and why."""

    url: str
    version: str
    why: str


def held_ones(held: Sequence[Sbom]) -> list[Stale]:
    """Those that wait for a person: they come first."""
    return [
        Stale(reverse("sbom", args=[one.pk]), str(one.version), f"a newer SBOM is held. {one.held_why}") for one in held
    ]


def stale(ask: Asking) -> list[Stale]:
    """The versions whose SBOM is not current, of all that the person may read, by name."""
    return [
        Stale(reverse("device-version", args=[row.version.pk]), str(row.version), reason(row.currency))
        for row in portfolio_currency(ask.by, now=ask.now)
        if row.currency.is_current is Answer.NO
    ]
