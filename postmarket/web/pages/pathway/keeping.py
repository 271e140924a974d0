"""A device's own: pathways kept to begin others with, and controls that are no longer there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from postmarket.assessment.services.controls import keep_template, withdraw_control
from postmarket.web import clock
from postmarket.web.pages.cases.common import Act, act_in
from postmarket.web.pages.cases.forms import WhyForm
from postmarket.web.pages.pathway.asking import asked
from postmarket.web.pages.pathway.forms import KeepForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def pathway_keep(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Keep the saved pathway for the device. Raises CaseNotFound, NotFound, NotAllowed, NotPossible."""
    at = asked(request, number, pk)
    form, back = KeepForm(request.POST), reverse("pathway", args=[number, pk])
    written = at.begun.written
    if written is None or not form.is_valid():
        messages.error(request, "Give it a name, of a pathway that is saved.")
        return HttpResponseRedirect(back)
    kept = keep_template(by=at.by, assessment=written, name=form.cleaned_data["name"], now=clock.now())
    messages.success(request, f"Kept for {at.begun.version.device}: {kept}.")
    return HttpResponseRedirect(back)


@require_http_methods(["GET", "POST"])
def control_withdraw(request: HttpRequest, number: str, pk: int, control: int) -> HttpResponse:
    """A control of the device is no longer there."""
    at = asked(request, number, pk)
    row = at.controls.get(control)
    if row is None:
        raise Http404
    page = Act(
        heading=f"Is “{row.name}” no longer there?",
        lead=f"It is a control of {row.device}: {row.kind}, named by {row.named_by.name}.",
        button="It is no longer there",
        done=f"{row.name} is withdrawn.",
        causes=(
            "Every assessment in effect that credits it is re-opened at once.",
            "Pathways that name it keep it, marked as withdrawn.",
        ),
    )
    return act_in(
        request,
        at.case,
        WhyForm(request.POST or None),
        lambda data: withdraw_control(by=at.by, control=row, why=data["why"], now=clock.now()),
        page,
    )
