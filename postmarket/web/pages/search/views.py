"""The page of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from postmarket.web.components.text import plural
from postmarket.web.pages.context import asking
from postmarket.web.pages.search.results import LONGEST, SHORTEST, results

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the box at the top finds; of less than two letters nothing is looked for."""
    ask = asking(request)
    text = " ".join("".join(char for char in request.GET.get("q", "") if char.isprintable()).split())[:LONGEST]
    enough = len(text) >= SHORTEST
    kinds = results(text, by=ask.by) if enough else []
    count = sum(len(kind.hits) + kind.more for kind in kinds)
    heading = f"{plural(count, 'thing')} fit “{text}”." if count != 1 else f"One thing fits “{text}”."
    if not enough:
        heading = "What are you looking for?"
    elif not count:
        heading = f"Nothing fits “{text}”."
    return render(request, "search/search.html", {"kinds": kinds, "text": text, "enough": enough, "heading": heading})
