"""What is done to several cases of the list at once: another owner, or being told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from postmarket.accounts.authority import ANYWHERE, people_with, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.queries.visible import cases as visible
from postmarket.cases.services.people import hand_over, unwatch, watch
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components.text import plural
from postmarket.web.pages.cases.common import attempt
from postmarket.web.pages.cases.forms import PersonForm, named

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from postmarket.cases.models import Case

MOST: Final = 200
"""More than stand on a page of the list."""


@require_POST
def cases_hand_over(request: HttpRequest) -> HttpResponse:
    """Somebody else carries them: all of them, or none."""
    by = reader(request)
    require(by, Permission.CASES_STEER, on=ANYWHERE)
    chosen = _chosen(request, by)
    if not chosen:
        return _nothing(request)
    people = named(people_with(Permission.CASES_WORK, on=ANYWHERE))
    form = PersonForm(request.POST if "person" in request.POST else None, people=people)
    made = attempt(
        form,
        lambda data: hand_over(
            by=by,
            cases=chosen,
            owner=Person.objects.get(pk=data["person"]),
            why=data["why"],
            now=clock.now(),
        ),
    )
    if made is not None:
        messages.success(request, f"{plural(len(made), 'case')} handed over to {made[0].owner.name}.")
        return HttpResponseRedirect(reverse("cases"))
    context = {"form": form, "chosen": chosen, "heading": f"Who takes over {plural(len(chosen), 'case')}?"}
    return render(request, "cases/hand_over.html", context, status=400 if form.errors else 200)


@require_POST
def cases_watch(request: HttpRequest) -> HttpResponse:
    """Be told of all of them."""
    by = reader(request)
    chosen = _chosen(request, by)
    if not chosen:
        return _nothing(request)
    before = {case.pk for case in chosen if case.watchers.filter(person=by).exists()}
    for case in chosen:
        watch(by=by, case=case)
    fresh = [("number", case.number) for case in chosen if case.pk not in before]
    undo = f"undo:{reverse('cases-unwatch')}?{urlencode(fresh)}" if fresh else ""
    messages.success(
        request, f"You are told by mail of what happens in {plural(len(chosen), 'case')}.", extra_tags=undo
    )
    return HttpResponseRedirect(reverse("cases"))


@require_POST
def cases_unwatch(request: HttpRequest) -> HttpResponse:
    """Not any more."""
    by = reader(request)
    chosen = _chosen(request, by)
    for case in chosen:
        unwatch(by=by, case=case)
    messages.success(request, f"You are not told of {plural(len(chosen), 'case')} any more.")
    return HttpResponseRedirect(reverse("cases"))


def _chosen(request: HttpRequest, by: Person) -> list[Case]:
    """Those that were chosen and that they may see; of others nothing is said."""
    numbers = [*request.POST.getlist("number"), *request.GET.getlist("number")][:MOST]
    return list(visible(by).filter(number__in=numbers).select_related("owner").order_by("number"))


def _nothing(request: HttpRequest) -> HttpResponse:
    messages.error(request, "Choose a case first: tick the boxes in the list.")
    return HttpResponseRedirect(reverse("cases"))
