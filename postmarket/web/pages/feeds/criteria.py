"""Criteria that were retired, what retiring one would change, and taking it back."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postmarket.accounts.authority import require
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.errors import InvalidRetirement
from postmarket.monitoring.feed_words import RetirementState
from postmarket.monitoring.queries.criteria import may_retire, preview, retired_now, retirements, said
from postmarket.monitoring.services.criteria import retire, undo
from postmarket.web import clock
from postmarket.web.asking import reader, say, signed_in_person
from postmarket.web.pages.feeds.asking import said_on_the_page
from postmarket.web.pages.feeds.tables.criteria import CRITERIA, RETIREMENTS
from postmarket.web.pages.source_names import NAMES, name_of

MOST_SHOWN = 200


class RetireForm(forms.Form):
    """Why a criterion is wrong."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    why = forms.CharField(
        label="What is wrong with it?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="Shown wherever it would have matched, with your name in the records.",
    )


@require_safe
def every(request: HttpRequest) -> HttpResponseBase:
    """Every criterion that was ever retired."""
    person = reader(request)
    table = CRITERIA.bind(request, retirements(by=person))
    return table.export() or render(request, "feeds/criteria.html", {"table": table, "retired": retired_now()})


@require_safe
def record(request: HttpRequest, source: str, record: str) -> HttpResponse:
    """The criteria of one source's record, each with the way to retire it."""
    person = reader(request)
    context = {
        "source": source,
        "name": name_of(source) if source in set(NAMES) else source,
        "record": record,
        "criteria": said(by=person, source=source, record=record),
        "may_retire": may_retire(person),
    }
    return render(request, "feeds/record.html", context)


@require_http_methods(["GET", "POST"])
def retiring(request: HttpRequest, source: str, record: str, fingerprint: str) -> HttpResponse:
    """What retiring a criterion would change, exactly; a POST retires it."""
    person = signed_in_person(request)
    found = preview(by=person, source=source, record=record, fingerprint=fingerprint)
    form = RetireForm(request.POST or None, initial={"seen": found.digest})
    if request.method == "POST" and form.is_valid():
        try:
            row = retire(
                by=person,
                source=source,
                record=record,
                fingerprint=fingerprint,
                seen=form.cleaned_data["seen"],
                why=form.cleaned_data["why"],
                now=clock.now(),
            )
        except InvalidRetirement as error:
            say(form, error)
        else:
            undo_url = reverse("criterion-undo", kwargs={"pk": row.pk})
            messages.success(request, "The criterion is retired everywhere.", extra_tags=f"undo:{undo_url}")
            return HttpResponseRedirect(reverse("criterion", kwargs={"pk": row.pk}))
    context = {
        "found": found,
        "name": name_of(source),
        "ends": found.ends[:MOST_SHOWN],
        "more": max(0, len(found.ends) - MOST_SHOWN),
        "versions": len({one.version_id for one in found.ends}),
        "stay": [one for one in found.effects if one.still][:MOST_SHOWN],
        "form": form,
    }
    return render(request, "feeds/retiring.html", context, status=400 if form.errors else 200)


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One retired criterion, and taking it back."""
    person = reader(request)
    row = get_object_or_404(retirements(by=person), pk=pk)
    context = {
        "row": row,
        "name": name_of(row.source),
        "state": RETIREMENTS[RetirementState(row.state)],
        "is_retired": row.state == RetirementState.RETIRED.value,
        "may_retire": may_retire(person),
    }
    return render(request, "feeds/criterion.html", context)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it match again."""
    person = signed_in_person(request)
    require(person, Permission.CRITERIA_RETIRE, on=None)
    row = get_object_or_404(retirements(by=person), pk=pk)
    with said_on_the_page(request):
        why = request.POST.get("why", "").strip() or "Taken back."
        undo(by=person, retired=row, why=why, now=clock.now())
        messages.success(request, "The criterion matches again, everywhere.")
    return HttpResponseRedirect(reverse("criterion", kwargs={"pk": pk}))
