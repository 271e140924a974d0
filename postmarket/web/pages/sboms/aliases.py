"""Alias entries: what looks as if it needed one, what is proposed, and what counts."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postmarket.accounts.authority import ANYWHERE, may, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import InventoryError
from postmarket.inventory.models import AliasEntry
from postmarket.inventory.queries.aliases import Suggestion, entries, suggestions
from postmarket.inventory.rules.alias_entry import AliasFields
from postmarket.inventory.services.aliases.entries import approve_alias, propose_alias, reject_alias, retire_alias
from postmarket.inventory.words import AliasState
from postmarket.versions.interface import Scheme
from postmarket.web import clock
from postmarket.web.asking import say, signed_in_person
from postmarket.web.components.text import plural
from postmarket.web.pages.devices.typed import lines_in
from postmarket.web.pages.sboms.forms import AliasForm, WhyForm

DEEDS = {"approve": approve_alias, "reject": reject_alias, "retire": retire_alias}
DONE = {"approve": "counts from now on", "reject": "is rejected", "retire": "counts no more"}


@require_safe
def aliases(request: HttpRequest) -> HttpResponse:
    """What waits for a look first, then what counts."""
    by = signed_in_person(request)
    every = list(entries(by))
    waiting = [one for one in every if one.state == AliasState.PROPOSED.value]
    counting = [one for one in every if one.state == AliasState.APPROVED.value]
    suggested = suggestions(by)
    context = {
        "waiting": waiting,
        "counting": counting,
        "past": [one for one in every if one not in waiting and one not in counting],
        "suggested": suggested,
        "heading": heading(waiting, suggested),
        "proposes": may(by, Permission.ALIASES_REVIEW, on=ANYWHERE),
        "decides": may(by, Permission.ALIASES_REVIEW, on=None),
    }
    return render(request, "sboms/aliases.html", context)


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose an entry; `?name=`, `?purl=` and `?cpe=` fill the form."""
    by = signed_in_person(request)
    require(by, Permission.ALIASES_REVIEW, on=ANYWHERE)
    start = {f"{key}s": request.GET.get(key, "") for key in ("name", "purl", "cpe")}
    form = AliasForm(request.POST or None, initial=start)
    if form.is_valid():
        data = form.cleaned_data
        fields = AliasFields(
            names=lines_in(data["names"]),
            purls=lines_in(data["purls"]),
            cpes=lines_in(data["cpes"]),
            vendor=data["vendor"],
            product=data["product"],
            scheme=Scheme(data["scheme"]) if data["scheme"] else None,
        )
        try:
            entry = propose_alias(by=by, fields=fields, why=data["why"], now=clock.now())
        except InventoryError as error:
            say(form, error)
        else:
            messages.success(request, f"Proposed: {entry}.")
            return HttpResponseRedirect(reverse("aliases"))
    return render(request, "sboms/alias_propose.html", {"form": form}, status=400 if form.errors else 200)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, reject or retire one."""
    by, form, deed = signed_in_person(request), WhyForm(request.POST), request.POST.get("deed", "")
    require(by, Permission.ALIASES_REVIEW, on=None)
    entry = AliasEntry.objects.filter(pk=pk).first()
    if entry is None or deed not in DEEDS:
        raise Http404
    if form.is_valid():
        DEEDS[deed](by=by, entry=entry, why=form.cleaned_data["why"], now=clock.now())
        messages.success(request, f"{entry} {DONE[deed]}.")
    else:
        messages.error(request, "Nothing was changed: say why.")
    return HttpResponseRedirect(reverse("aliases"))


def heading(waiting: Sequence[AliasEntry], suggested: Sequence[Suggestion]) -> str:
    """What matters, in one sentence."""
    number = len(suggested)
    if waiting:
        return f"{plural(len(waiting), 'alias waits,aliases wait')} for somebody to look."
    if number:
        return f"No source knows {plural(number, 'component,components')}, though one has a product of that name."
    return "Every name that could be tied is tied."
