"""The first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from postmarket.inventory.queries.currency import portfolio_currency
from postmarket.inventory.words import Answer
from postmarket.monitoring.queries.findings import Asked, findings
from postmarket.monitoring.queries.findings.dues import running
from postmarket.monitoring.queries.today import today as read_today
from postmarket.monitoring.words import FindingState
from postmarket.policy.interface import Priority
from postmarket.web.components import dates as said
from postmarket.web.pages.context import asking
from postmarket.web.pages.findings.items import items, most
from postmarket.web.pages.findings.sight import Sight
from postmarket.web.pages.findings.why import in_one_line
from postmarket.web.pages.today.dues import DAYS, due_dates
from postmarket.web.pages.today.headline import Day, headline
from postmarket.web.pages.today.visits import keep_visit, new_since
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST_PRESSING = 5
MOST_NEW = 6
READ_AT_ONCE = 60
"""Rows read for each list: several rows come together to one item."""
WAITING = (FindingState.OPEN, FindingState.REOPENED)
TO_JUDGE = Asked(lanes=(Lane.WORKLIST,), shipped=True, states=WAITING)
"""What nobody has answered, or what re-opened; what is proposed waits for a signature, and stands there."""


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What is late, what is due, what waits, what is new since the last visit, and what nobody can see."""
    ask = asking(request)
    since = new_since(request, now=ask.now)
    read = read_today(by=ask.by, since=since, now=ask.now, most=READ_AT_ONCE)
    pressing = items(findings(by=ask.by, asked=TO_JUDGE).cut(0, READ_AT_ONCE), pack=ask.pack)
    now_first = [item for item in pressing if item.priority is Priority.NOW]
    first = most(now_first or pressing, MOST_PRESSING)
    new_items = most(items((one.row for one in read.new), pack=ask.pack), MOST_NEW, but=first)
    dates = due_dates(running(by=ask.by, asked=TO_JUDGE), pack=ask.pack, now=ask.now, url=reverse("triage"))
    waiting = [one for one in read.counts if one.lane is Lane.WORKLIST and one.state in WAITING]
    pressing_rows = sum(one.rows for one in waiting if one.priority is Priority.NOW)
    day = Day(
        versions=read.coverage.versions,
        loaded=bool(read.data_as_of),
        late=dates.late,
        pressing=pressing_rows,
        devices=tuple(dict.fromkeys(item.device.name for item in now_first)),
        due=dates.on_next,
        due_words=said.in_words(dates.next) if dates.next else "",
        to_sign=read.to_sign_count,
        reopened=read.reopened_count,
        open=sum(one.rows for one in waiting),
        unseen_versions=read.coverage.blind,
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
            "first": first,
            "new": new_items,
            "why": in_one_line(new_items, ask),
            "new_count": read.new_count,
            "read": read,
            "stale": [row for row in portfolio_currency(ask.by, now=ask.now) if row.currency.is_current is Answer.NO],
            "since": since,
            "sight": Sight(read.coverage.counts, read.coverage.causes),
            "may_wait": day.open - pressing_rows,
        },
    )
    keep_visit(request, response, now=ask.now)
    return response
