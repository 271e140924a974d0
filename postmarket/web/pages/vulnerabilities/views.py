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
from postmarket.monitoring.queries.findings import Asked
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

    from postmarket.monitoring.queries.vulnerabilities import VulnerabilityRow
    from postmarket.web.pages.findings.items import Item

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
    everywhere = Asked(vulnerabilities=(known.lead,))
    counted = next(iter(ask.remembered("hitting", lambda: hitting(by=ask.by, asked=everywhere), everywhere)), None)
    return render(
        request,
        "vulnerabilities/one.html",
        {
            "known": known,
            "facts": known.facts,
            "tags": facts_tags(known.facts) if known.facts else (),
            "sayings": sayings(known.told),
            "items": together,
            "may_answer": may(ask.by, Permission.FINDINGS_TRIAGE, on=ANYWHERE),
            "table": table,
            "where": where(together, counted),
            "case": list_cases(by=ask.by, asked=OpenCases(open=True, vulnerabilities=(known.lead,)), now=ask.now)
            .query.order_by("pk")
            .first(),
            "opens": bool(together) and may(ask.by, Permission.CASES_OPEN, on=ANYWHERE),
            "devices": counted.devices if counted else 0,
            "epss": f"{known.vulnerability.epss.probability:.1%}" if known.vulnerability.epss else "",
            "exploitability": Exploitability(known.facts.exploitability).name.lower() if known.facts else "",
        },
    )


def where(together: Sequence[Item], counted: VulnerabilityRow | None) -> str:
    """In how many versions of which devices it may be."""
    if not together or counted is None:
        return "Nothing of yours that could be identified has it."
    names = list(dict.fromkeys(item.device.name for item in together))
    if counted.devices > MOST_NAMED or counted.devices != len(names):
        named = plural(counted.devices, "device")
    else:
        named = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"It may concern {plural(counted.versions, 'version')} of {named}."
