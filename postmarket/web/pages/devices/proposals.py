"""What machines sent for devices nobody knows: a person says what it is."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from postmarket.accounts.authority import may, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import DeviceProposal
from postmarket.inventory.queries.devices import list_devices
from postmarket.inventory.queries.proposals import list_proposals
from postmarket.inventory.queries.proposals import proposal as find_proposal
from postmarket.inventory.rules.fields import DeviceFields
from postmarket.inventory.services.proposals import confirm_as_known, confirm_as_new, reject_proposal
from postmarket.inventory.words import ProposalState
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components.tags import badge
from postmarket.web.pages.devices.common import attempt, device_or_404, line_of, lines_for
from postmarket.web.pages.devices.forms import KnownDeviceForm, NewDeviceForm, WhyForm
from postmarket.web.table import Choice, Column, Search, Table

STATES = {
    ProposalState.OPEN: ("act", "Waits for a person"),
    ProposalState.CONFIRMED: ("safe", "Confirmed"),
    ProposalState.REJECTED: ("plain", "Rejected"),
}


def _named(one: DeviceProposal) -> str:
    return format_html('<a href="{}">{}</a>', reverse("proposal", args=[one.pk]), one)


PROPOSALS = Table(
    name="proposals",
    caption="Proposed devices",
    columns=(
        Column[DeviceProposal](key="name", label="Sent as", value=str, show=_named, heads=True),
        Column[DeviceProposal](
            key="state",
            label="State",
            value=lambda one: STATES[ProposalState(one.state)][1],
            show=lambda one: badge(*STATES[ProposalState(one.state)]),
        ),
        Column[DeviceProposal](key="from", label="Sent by", value=lambda one: one.proposed_from, wide_only=True),
        Column[DeviceProposal](key="file", label="File", value=lambda one: one.file_name, wide_only=True),
        Column[DeviceProposal](key="at", label="Came", value=lambda one: one.proposed_at, descends=True),
    ),
    filters=(
        Search(
            label="Find a name",
            narrow=lambda rows, words: [one for one in rows if words.casefold() in str(one).casefold()],
        ),
        Choice(
            key="state",
            label="State",
            options=tuple((state.value, words) for state, (_, words) in STATES.items()),
            narrow=lambda rows, value: [one for one in rows if one.state == value],
        ),
    ),
    sort="-at",
    empty="devices/no_proposals.html",
)


@require_safe
def proposals(request: HttpRequest) -> HttpResponseBase:
    """The list."""
    rows = list_proposals(reader(request))
    table = PROPOSALS.bind(request, rows)
    waiting = sum(one.state == ProposalState.OPEN.value for one in rows)
    return table.export() or render(request, "devices/proposals.html", {"table": table, "waiting": waiting})


@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One, and what it can be said to be."""
    by = reader(request)
    return _page(request, by, _or_404(by, pk), "")


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what it is, or that it is none of ours."""
    by = reader(request)
    found = _or_404(by, pk)
    require(by, Permission.DEVICES_EDIT, on=found.line)
    return _page(request, by, found, request.POST.get("answer", ""))


def _or_404(by: Person, pk: int) -> DeviceProposal:
    found = find_proposal(by, pk)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, by: Person, found: DeviceProposal, answer: str) -> HttpResponse:
    answers = _forms(request, by, found, answer)
    form = answers.get(answer)
    made = None if form is None else attempt(form, lambda data: _decide(by, found, answer, data))
    if made is not None:
        messages.success(request, _done(made))
        return HttpResponseRedirect(reverse("proposal", args=[found.pk]))
    context = {
        "found": found,
        "state": STATES[ProposalState(found.state)],
        "forms": answers,
        "decides": may(by, Permission.DEVICES_EDIT, on=found.line),
    }
    return render(request, "devices/proposal.html", context, status=400 if request.method == "POST" else 200)


def _forms(request: HttpRequest, by: Person, found: DeviceProposal, answer: str) -> dict[str, forms.Form]:
    """One form per answer; only the one that was sent holds what was sent."""
    sent = {answer: request.POST}
    devices = [(str(row.device.pk), row.device.name) for row in list_devices(by).rows]
    return {
        "known": KnownDeviceForm(sent.get("known"), devices=devices, auto_id="known-%s"),
        "new": NewDeviceForm(
            sent.get("new"),
            lines=lines_for(by, Permission.DEVICES_EDIT),
            initial={"name": found.device_name},
            auto_id="new-%s",
        ),
        "reject": WhyForm(sent.get("reject"), auto_id="reject-%s"),
    }


def _decide(by: Person, found: DeviceProposal, answer: str, data: dict[str, str]) -> DeviceProposal:
    why, now = data["why"], clock.now()
    if answer == "new":
        fields = DeviceFields(data["name"])
        return confirm_as_new(by=by, proposal=found, fields=fields, line=line_of(data["line"]), why=why, now=now)
    if answer == "known":
        device = device_or_404(by, int(data["device"])).device
        return confirm_as_known(by=by, proposal=found, device=device, why=why, now=now)
    return reject_proposal(by=by, proposal=found, why=why, now=now)


def _done(made: DeviceProposal) -> str:
    if made.state == ProposalState.CONFIRMED.value:
        state = "is shipped" if made.version is not None and made.version.is_shipped else "is in development"
        return f"{made.version} {state}; its SBOM is read next."
    return "Rejected. The file stays as evidence."
