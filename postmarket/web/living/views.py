"""The pages that show the components."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from postmarket.web import failures
from postmarket.web.living import samples


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Device name", help_text="As on the label.", max_length=80)
    email = forms.EmailField(label="Security contact")
    criticality = forms.ChoiceField(
        label="What is it for?",
        choices=[("", "Choose"), ("sustaining", "Life-sustaining"), ("supporting", "Life-supporting")],
    )
    markets = forms.MultipleChoiceField(
        label="Markets",
        choices=[("us", "United States"), ("eu", "European Union")],
        widget=forms.CheckboxSelectMultiple,
    )
    notes = forms.CharField(label="Notes", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    shipped = forms.BooleanField(label="This version is shipped", required=False)


@login_not_required
def components(request: HttpRequest) -> HttpResponseBase:
    """Every component once."""
    table = samples.TABLE.bind(request, samples.VERSIONS)
    request.shell = samples.SampleShell(request, "")  # type: ignore[attr-defined]
    wrong = SampleForm({"name": "", "email": "psirt", "criticality": "", "notes": "as seen"})
    return table.export() or render(
        request,
        "web/living/components.html",
        {
            "table": table,
            "nothing": samples.TABLE.bind(request, []),
            "form": SampleForm(auto_id="fresh_%s"),
            "wrong": wrong,
            "moments": samples.moments(),
            "coverage": samples.COVERAGE,
            "dues": samples.dues(),
            "works": samples.works(),
            "phases": samples.phases(),
        },
    )


@login_not_required
def today(request: HttpRequest) -> HttpResponse:
    """The components put together as a page."""
    request.shell = samples.SampleShell(request)  # type: ignore[attr-defined]
    return render(
        request, "web/living/today.html", {"coverage": samples.COVERAGE, "dues": samples.dues(), "now": samples.NOW}
    )


@login_not_required
def signed_out(request: HttpRequest) -> HttpResponse:
    """A page for somebody who is not signed in."""
    return render(request, "web/living/signed_out.html", {"form": SampleForm()})


@login_not_required
def failure(request: HttpRequest, status: int) -> HttpResponse:
    """An error page."""
    return failures.page(request, status)


@login_not_required
def fragment(request: HttpRequest) -> HttpResponse:
    """What a fold fetches."""
    return render(request, "web/living/fragment.html")


@login_not_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Say that something was saved, with a way back."""
    messages.success(request, "Decision saved for AeroVent 5.4.", extra_tags="undo:/design/undo")
    return HttpResponseRedirect("/design/")


@login_not_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take it back."""
    messages.info(request, "Decision taken back.")
    return HttpResponseRedirect("/design/")
