"""The list, and one vulnerability with every source's words and every device version it may concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from postmarket.accounts.authority import ANYWHERE, may
from postmarket.accounts.permissions import Permission
from postmarket.cases.queries.listing import Asked as OpenCases
from postmarket.cases.queries.listing import list_cases
from postmarket.monitoring.queries.concerning import concerned
from postmarket.monitoring.queries.vulnerabilities import hitting
from postmarket.monitoring.queries.vulnerability import vulnerability as everything_of
from postmarket.scoring.interface import Exploitability
from postmarket.web.components.text import plural
from postmarket.web.pages.context import asking
from postmarket.web.pages.findings.items import items
from postmarket.web.pages.findings.table import findings_table
from postmarket.web.pages.findings.words import facts_tags
from postmarket.web.pages.vulnerabilities.saying import sayings
from postmarket.web.pages.vulnerabilities.table import VULNERABILITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponseBase

    from postmarket.monitoring.queries.concerning import Concerned
    from postmarket.monitoring.queries.vulnerabilities import VulnerabilityRow

MOST_ROWS = 60
MOST_NAMED = 3
"""Rows put together to items on the page of one vulnerability; the table below them has all."""


@require_safe
def vulnerabilities(request: HttpRequest) -> HttpResponseBase:
    """Those that hit something of the firm that is shipped, the most pressing first."""
    ask = asking(request)
    found = ask.remembered("hitting", lambda: hitting(by=ask.by))
    table = VULNERABILITIES.bind(request, found)
    return table.export() or render(
        request, "vulnerabilities/list.html", {"table": table, "heading": heading(found), "count": len(found)}
    )


def heading(found: Sequence[VulnerabilityRow]) -> str:
    """What the list says."""
    if not found:
        return "No known vulnerability hits what is shipped."
    exploited = sum(row.facts.kev_added is not None for row in found)
    hits = f"{plural(len(found), 'vulnerability,vulnerabilities')} may concern what is shipped"
    return f"{hits}; {plural(exploited, 'is,are')} exploited in the field." if exploited else f"{hits}."


@require_safe
def vulnerability(request: HttpRequest, name: str) -> HttpResponseBase:
    """One vulnerability under its own name; another of its names leads there."""
    ask = asking(request)
    known = everything_of(name, by=ask.by)
    if known.vulnerability.name != name:
        return HttpResponseRedirect(reverse("vulnerability", args=[known.vulnerability.name]))
    rows = known.findings
    table = findings_table("versions", pack=ask.pack, leave_out=("vulnerability",)).bind(request, rows)
    if (file := table.export()) is not None:
        return file
    together = items(rows.cut(0, MOST_ROWS), pack=ask.pack)
    found = ask.remembered("concerned", lambda: concerned(known.lead, by=ask.by), known.lead)
    return render(
        request,
        "vulnerabilities/one.html",
        {
            "known": known,
            "facts": known.facts,
            "tags": facts_tags(known.facts) if known.facts else (),
            "sayings": sayings(known.told),
            "items": together,
            "to_answer": [item for item in together if item.waits],
            "may_answer": may(ask.by, Permission.FINDINGS_TRIAGE, on=ANYWHERE),
            "table": table,
            "where": where(found),
            "case": list_cases(by=ask.by, asked=OpenCases(open=True, vulnerabilities=(known.lead,)), now=ask.now)
            .query.order_by("pk")
            .first(),
            "opens": bool(together) and may(ask.by, Permission.CASES_OPEN, on=ANYWHERE),
            "devices": len(found.devices),
            "epss": f"{known.vulnerability.epss.probability:.1%}" if known.vulnerability.epss else "",
            "exploitability": Exploitability(known.facts.exploitability).name.lower() if known.facts else "",
        },
    )


def where(found: Concerned) -> str:
    """In how many versions of which devices it is open; what was said of the others."""
    if not found.devices:
        return "Nothing of yours that could be identified has it."
    said = [
        (found.proposed, "waits to be signed", "wait to be signed"),
        (found.decided, "is decided", "are decided"),
        (found.cleared, "its supplier calls not affected", "their suppliers call not affected"),
    ]
    if found.open:
        rest = [f"{number} more {one if number == 1 else many}" for number, one, many in said if number]
        return (
            "; ".join([f"It may concern {plural(found.open, 'version')} of {_named(found.open_devices)}", *rest]) + "."
        )
    rest = [f"{plural(number, 'version')} {one if number == 1 else many}" for number, one, many in said if number]
    return f"Nothing of it is open in {_named(found.devices)}: {', '.join(rest)}."


def _named(devices: Sequence[str]) -> str:
    if len(devices) > MOST_NAMED:
        return plural(len(devices), "device")
    return devices[0] if len(devices) == 1 else f"{', '.join(devices[:-1])} and {devices[-1]}"
