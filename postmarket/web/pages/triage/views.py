"""The list and the reading pane; every state of both is an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.views.decorators.http import require_safe

from postmarket.accounts.authority import ANYWHERE, may
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import Device
from postmarket.inventory.queries.scope import readable
from postmarket.inventory.store import store
from postmarket.matching.loaded import loaded
from postmarket.monitoring.queries.coverage import portfolio_coverage
from postmarket.monitoring.queries.findings import counts, findings
from postmarket.policy.interface import Priority
from postmarket.web.components.text import counted_words
from postmarket.web.pages.context import Asking, asking
from postmarket.web.pages.findings.blank import why_nothing
from postmarket.web.pages.findings.items import Item, items
from postmarket.web.pages.findings.table import findings_table
from postmarket.web.pages.triage.deciding import named
from postmarket.web.pages.triage.filters import PRIORITY_OPTIONS, ROLE_OPTIONS, Filters, filters
from postmarket.web.pages.triage.lanes import chips
from postmarket.web.pages.triage.pane import pane
from postmarket.web.pages.waiting import keep_triage
from postmarket.web.table.exports import FORMATS, may_take, response
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

PAGE_ROWS: Final = 80
"""Rows read for one page of the list; rows of one vulnerability in one device are one item."""


@require_safe
def triage(request: HttpRequest) -> HttpResponseBase:
    """The list with one finding open: that of `at`, else the first."""
    ask = asking(request)
    chosen = filters(request.GET)
    shown = findings(by=ask.by, asked=chosen.asked)
    table = findings_table("triage", pack=ask.pack)
    if (kind := request.GET.get("format", "")) in FORMATS:
        return response(kind, table, shown.every(), request=request)
    page = _page(request)
    rows = shown.cut((page - 1) * PAGE_ROWS, page * PAGE_ROWS + 1)
    more, rows = len(rows) > PAGE_ROWS, rows[:PAGE_ROWS]
    listed = items(rows, pack=ask.pack)
    open_item = _at(request.GET.get("at", ""), ask, listed, chosen, whole=page == 1 and not more)
    total = ask.remembered("count", shown.count, chosen.asked)
    counted = ask.remembered("counts", lambda: counts(by=ask.by))
    keep_triage(ask.held, counted)
    blank = "" if total or chosen.narrowed else _why_nothing(ask)
    parts = {
        "heading": blank or heading(chosen, total),
        "blank": blank,
        "exports": tuple(FORMATS) if may_take(request, table) else (),
        "filters": chosen,
        "chips": chips(chosen, counted),
        "items": listed,
        "open": open_item,
        "pane": pane(open_item, ask) if open_item else None,
        "page": page,
        "here": request.get_full_path(),
        "may_answer": may(ask.by, Permission.FINDINGS_TRIAGE, on=ANYWHERE),
        "asked_at": bool(request.GET.get("at")),
        "more": more,
        "priorities": PRIORITY_OPTIONS,
        "roles": ROLE_OPTIONS,
        "devices": Device.objects.filter(readable(ask.by)).only("name"),
        "query": chosen.url(),
        "total": total,
    }
    part = "triage/pane.html" if request.headers.get("HX-Target") == "pane" else "triage/triage.html"
    return render(request, part, parts)


def heading(chosen: Filters, total: int) -> str:
    """What the list says."""
    if not total:
        return "Nothing waits to be judged." if not chosen.narrowed else "Nothing fits."
    waits = counted_words(total, "finding")
    match chosen.lane:
        case Lane.POSSIBLE:
            return f"{waits} may be meant; a person has to look."
        case Lane.SUGGESTED_NOT_AFFECTED:
            return f"{waits} may not apply; confirm what contradicts {'it' if total == 1 else 'them'}."
        case Lane.SUPPLIER_NOT_AFFECTED:
            return f"Suppliers say of {waits} that the device is not affected."
    match chosen.state:
        case "proposed":
            return f"{waits} {'waits' if total == 1 else 'wait'} to be signed."
        case "reopened":
            return f"{waits} re-opened: what was signed no longer stands on its grounds."
        case "decided":
            return f"{waits} {'is' if total == 1 else 'are'} decided and signed."
    if chosen.priority is Priority.NOW:
        return f"{waits} cannot wait."
    return f"{waits} to judge, worst for patients first."


def _why_nothing(ask: Asking) -> str:
    seen = ask.remembered("coverage", lambda: portfolio_coverage(by=ask.by))
    return why_nothing(ask.by, shipped=seen.versions, loaded=bool(loaded(store())), judging=seen.waiting)


def _page(request: HttpRequest) -> int:
    said = request.GET.get("page", "1")
    return max(int(said), 1) if said.isascii() and said.isdecimal() and len(said) < 6 else 1


def _at(said: str, ask: Asking, listed: list[Item], chosen: Filters, *, whole: bool) -> Item | None:
    """The item an address names, whether or not it is on this page of the list; else the first. All its rows."""
    if not said and listed:
        said = listed[0].key
    on_page = next((item for item in listed if item.key == said), None)
    if on_page is not None and whole:
        return on_page
    # At the end of a page an item may go on over the next.
    read = named([said], ask, chosen) if said else []
    return read[0] if read else next(iter(listed), None)
