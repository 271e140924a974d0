"""Adding and changing devices and versions, shipping, and counting units."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.rules.fields import DeviceFields
from postmarket.inventory.rules.version_fields import VersionFields
from postmarket.inventory.services.devices import add_device, edit_device, state_of
from postmarket.inventory.services.devices import fields_of as device_fields_of
from postmarket.inventory.services.shipping import correct_shipping, mark_shipped
from postmarket.inventory.services.versions import add_version, edit_version
from postmarket.inventory.services.versions import fields_of as version_fields_of
from postmarket.inventory.services.versions import state_of as version_state_of
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.pages.devices.common import attempt, device_or_404, line_of, lines_for, version_or_404
from postmarket.web.pages.devices.forms import DEVICE_TYPES, DeviceForm, VersionForm, WhyForm
from postmarket.web.pages.devices.meanwhile import save_over
from postmarket.web.pages.devices.typed import device_fields, device_typed, version_fields, version_typed


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new device."""
    by = reader(request)
    require(by, Permission.DEVICES_EDIT, on=ANYWHERE)
    lines = lines_for(by, Permission.DEVICES_EDIT)
    form = DeviceForm(request.POST or None, lines=lines, initial=device_typed(DeviceFields("")))
    made = attempt(
        form,
        lambda data: add_device(
            by=by, fields=device_fields(data), line=line_of(data["line"]), why=data["why"], now=clock.now()
        ),
    )
    if made is not None:
        messages.success(request, f"{made.name} is in the inventory.")
        return HttpResponseRedirect(reverse("device", args=[made.pk]))
    context = {"form": form, "types": DEVICE_TYPES, "device": None}
    return render(request, "devices/edit.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """All fields of a device."""
    by = reader(request)
    device = device_or_404(by, pk).device
    require(by, Permission.DEVICES_EDIT, on=device.line)
    lines = lines_for(by, Permission.DEVICES_EDIT)
    kept = {**device_typed(device_fields_of(device)), "line": device.line_id or ""}
    form = DeviceForm(request.POST or None, lines=lines, initial={**kept, "seen": state_of(device)})
    saving = save_over(
        request,
        form,
        lambda data: edit_device(
            by=by,
            device=device,
            fields=device_fields(data),
            line=line_of(data["line"]),
            why=data["why"],
            now=clock.now(),
            seen=data["seen"],
        ),
        about=device,
        kept=kept,
        seen=state_of(device),
    )
    if saving.made is not None:
        messages.success(request, f"{saving.made.name} is saved.")
        return HttpResponseRedirect(reverse("device", args=[saving.made.pk]))
    context = saving.context(form, types=DEVICE_TYPES, device=device)
    return render(request, "devices/edit.html", context, status=saving.status(form))


@require_http_methods(["GET", "POST"])
def version_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of a device, in development."""
    by = reader(request)
    device = device_or_404(by, pk).device
    require(by, Permission.DEVICES_EDIT, on=device.line)
    form = VersionForm(request.POST or None, initial=version_typed(VersionFields("")))
    made = attempt(
        form,
        lambda data: add_version(by=by, device=device, fields=version_fields(data), why=data["why"], now=clock.now()),
    )
    if made is not None:
        messages.success(request, f"{made} is in development.")
        return HttpResponseRedirect(reverse("device", args=[device.pk]))
    context = {"form": form, "device": device, "version": None}
    return render(request, "devices/version_edit.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def version_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said of a version; and the ways to ship it, or to take back that it was."""
    by = reader(request)
    row = version_or_404(by, pk)
    version = row.version
    require(by, Permission.DEVICES_EDIT, on=version.device.line)
    kept, seen = version_typed(version_fields_of(version)), version_state_of(version)
    form = VersionForm(request.POST or None, initial={**kept, "seen": seen})
    saving = save_over(
        request,
        form,
        lambda data: edit_version(
            by=by, version=version, fields=version_fields(data), why=data["why"], now=clock.now(), seen=data["seen"]
        ),
        about=version,
        kept=kept,
        seen=seen,
    )
    if saving.made is not None:
        messages.success(request, f"{saving.made} is saved.")
        return HttpResponseRedirect(reverse("device", args=[version.device_id]))
    context = saving.context(form, device=version.device, version=version)
    return render(request, "devices/version_edit.html", context, status=saving.status(form))


@require_http_methods(["GET", "POST"])
def version_ship(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is shipped; or, where it is, correct that."""
    by = reader(request)
    row = version_or_404(by, pk)
    version = row.version
    require(by, Permission.VERSIONS_SHIP, on=version.device.line)
    service = correct_shipping if version.is_shipped else mark_shipped
    form = WhyForm(request.POST or None)
    made = attempt(form, lambda data: service(by=by, version=version, why=data["why"], now=clock.now()))
    if made is not None:
        word = "shipped: its findings have cases and clocks" if made.is_shipped else "in development again"
        messages.success(request, f"{made} is {word}.")
        return HttpResponseRedirect(reverse("device", args=[version.device_id]))
    context = {"form": form, "device": version.device, "row": row, "version": version}
    return render(request, "devices/ship.html", context, status=400 if form.errors else 200)
