"""Whether a device is a cyber device: the draft, and the way to its signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from postmarket.accounts.authority import require
from postmarket.accounts.permissions import Permission
from postmarket.accounts.signing.ceremony import begin_ceremony
from postmarket.inventory.errors import NotSignable
from postmarket.inventory.models import Determination
from postmarket.inventory.rules.cyber_device import QUESTIONS, Tests, objections
from postmarket.inventory.services.determinations import draft_determination
from postmarket.inventory.words import Answer, Feature
from postmarket.records.meanings import Meaning
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.pages.devices.common import attempt, device_or_404
from postmarket.web.pages.devices.forms import DeterminationForm

ASKED = {one.name: (one.text, f"{one.citation.text} ({one.citation.authority.value})") for one in QUESTIONS}


@require_http_methods(["GET", "POST"])
def determine(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the device's draft."""
    by = reader(request)
    found = device_or_404(by, pk)
    device = found.device
    require(by, Permission.DEVICES_DETERMINE, on=device.line)
    begun = found.draft or found.standing.determination
    raised = {one.key: one.text for one in objections(_tests(request, begun))}
    form = DeterminationForm(request.POST or None, questions=ASKED, raised=raised, initial=_begun(begun))
    made = attempt(
        form,
        lambda data: draft_determination(
            by=by,
            device=device,
            tests=_said(data),
            rationale=data["rationale"],
            answers={key: data.get(f"answer-{key}", "") for key in raised},
            why=data["why"],
            now=clock.now(),
        ),
    )
    if made is not None:
        messages.success(request, "The draft is kept. It is in force once somebody signs it.")
        return HttpResponseRedirect(reverse("device", args=[device.pk]))
    context = {"form": form, "device": device, "found": found}
    return render(request, "devices/determine.html", context, status=400 if form.errors else 200)


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the draft before whoever asks, to sign it."""
    by = reader(request)
    found = device_or_404(by, pk)
    require(by, Permission.DEVICES_DETERMINE, on=found.device.line)
    if found.draft is None:
        raise NotSignable("There is no draft to sign", next_step="Draft the determination first.")
    ceremony = begin_ceremony(
        person=by,
        subjects=[found.draft.subject],
        meaning=Meaning.APPROVED,
        why=f"Determination of {found.device.name} under section 524B(c).",
        back_to=reverse("device", args=[pk]),
        now=clock.now(),
    )
    return HttpResponseRedirect(reverse("accounts:sign", args=[ceremony.key]))


def _said(data: Mapping[str, Any]) -> Tests:
    return Tests(
        software=Answer(data["software"]),
        internet=Answer(data["internet"]),
        vulnerable=Answer(data["vulnerable"]),
        features=frozenset(Feature(one) for one in data["features"]),
        exemption=data["exemption"],
    )


def _tests(request: HttpRequest, begun: Determination | None) -> Tests:
    """The answers as they stand in what was sent, else in the draft: objections follow from them."""
    if request.method != "POST":
        return Tests() if begun is None else begun.tests
    known = {one.value for one in Answer}
    answers = {name: value for name in ASKED if (value := request.POST.get(name, "")) in known}
    chosen = {one.value for one in Feature}.intersection(request.POST.getlist("features"))
    return Tests(
        **{name: Answer(value) for name, value in answers.items()},
        features=frozenset(Feature(one) for one in chosen),
    )


def _begun(begun: Determination | None) -> dict[str, object]:
    if begun is None:
        return {}
    return {
        "software": begun.software,
        "internet": begun.internet,
        "vulnerable": begun.vulnerable,
        "features": begun.features,
        "exemption": begun.exemption,
        "rationale": begun.rationale,
        **{f"answer-{key}": text for key, text in begun.answers.items()},
    }
