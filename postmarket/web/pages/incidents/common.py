"""What these pages share: who asks, the incident, and the page of one act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from postmarket.accounts.authority import may, require
from postmarket.accounts.permissions import Permission
from postmarket.assessment.queries.incidents import incident_keyed, standing_of
from postmarket.assessment.rules.incident import OVER
from postmarket.web.asking import reader
from postmarket.web.pages.cases.common import Act, attempt

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django import forms
    from django.http import HttpRequest, HttpResponse

    from postmarket.accounts.models import Person
    from postmarket.assessment.models import Incident


def incident_for(
    request: HttpRequest, number: str, pk: int, permission: Permission = Permission.CONTENT_READ
) -> tuple[Person, Incident]:
    """
    Who asks, and the incident of that case, for an act that takes the permission on its device line.

    Raises NotFound, also for what is not theirs to see, NotAllowed, and Http404 for another case's.
    """
    by = reader(request)
    row = incident_keyed(by=by, key=pk)
    if row.case.number != number:
        raise Http404
    require(by, permission, on=row.version.device.line)
    return by, row


def goes_on(row: Incident) -> bool:
    """Whether anything can still be noted of it: it is not over, and its case is open."""
    return row.case.is_open and standing_of(row) not in OVER


def handles(by: Person, row: Incident) -> bool:
    """Whether they may note what is done, and there is anything left to note."""
    return goes_on(row) and may(by, Permission.INCIDENTS_HANDLE, on=row.version.device.line)


def address_of(row: Incident, route: str = "incident") -> str:
    """Where it is."""
    return reverse(route, args=[row.case.number, row.pk])


def act_in(
    request: HttpRequest, row: Incident, form: forms.Form, write: Callable[[dict[str, Any]], object], page: Act
) -> HttpResponse:
    """The form of an act; done, it leads back to the incident, and says so there. Refused, nothing typed is lost."""
    if attempt(form, write) is not None:
        messages.success(request, page.done)
        return HttpResponseRedirect(address_of(row))
    return act_page(request, row, form, page)


def act_page(request: HttpRequest, row: Incident, form: forms.Form, page: Act) -> HttpResponse:
    """The page of an act, with what was typed and what is wrong with it."""
    context = {"form": form, "incident": row, "case": row.case, "page": page, "back": address_of(row)}
    return render(request, "incidents/act.html", context, status=400 if form.errors else 200)


def same_minute(at: datetime, other: datetime | None) -> datetime:
    """
    `at` as a browser's field gives it, in whole minutes; `other` itself where that was in the same minute.

    What was approved at 03:12:40 and isolated "03:12" was not isolated before it was approved.
    """
    if other is not None and at == other.replace(second=0, microsecond=0):
        return other
    return at
