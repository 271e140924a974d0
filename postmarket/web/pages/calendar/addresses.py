"""One's own calendar addresses: made and shown once, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from postmarket.accounts.queries.calendars import calendars_of
from postmarket.accounts.services.calendars import HOLDS, make_calendar, revoke_calendar
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.pages.cases.common import attempt

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class CalendarForm(forms.Form):
    """Where somebody uses it, and what it shows."""

    name = forms.CharField(
        label="Where you use it", max_length=80, help_text="Such as “Phone”: to tell it from others."
    )
    shows = forms.ChoiceField(
        label="It shows",
        choices=(("all", "Clocks of every case you may see"), ("mine", "Clocks of the cases you own")),
        widget=forms.RadioSelect,
        initial="all",
    )


@never_cache
@require_http_methods(["GET", "POST"])
def calendars(request: HttpRequest) -> HttpResponse:
    """The addresses there are; a POST makes another, whose text is shown this once."""
    by, now = reader(request), clock.now()
    form = CalendarForm(request.POST or None)
    made = attempt(form, lambda data: make_calendar(by=by, name=data["name"], now=now))
    if made is not None:
        address = request.build_absolute_uri(reverse("calendar-feed", args=[made.text]))
        query = "?mine=yes" if form.cleaned_data["shows"] == "mine" else ""
        return render(request, "calendar/made.html", {"made": made.address, "address": f"{address}{query}"})
    context = {"form": form, "addresses": calendars_of(by, now=now), "days": HOLDS.days}
    return render(request, "calendar/calendars.html", context, status=400 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Take one back."""
    gone = revoke_calendar(by=reader(request), key=key, now=clock.now())
    messages.success(request, f"“{gone.name}” shows nothing any more.")
    return HttpResponseRedirect(reverse("calendars"))
