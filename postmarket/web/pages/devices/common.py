"""What these pages share: who asks, what is not there, a form whose refusal stands at its field, links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from postmarket.accounts.authority import lines
from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.queries.people import device_lines
from postmarket.inventory.errors import ChangedMeanwhile, InventoryError
from postmarket.inventory.models import Device, DeviceVersion
from postmarket.inventory.queries.devices import DeviceDetail
from postmarket.inventory.queries.devices import device as find_device
from postmarket.inventory.queries.versions import VersionRow
from postmarket.inventory.queries.versions import version as find_version
from postmarket.web import clock

Made = TypeVar("Made")


def device_or_404(by: Person, pk: int) -> DeviceDetail:
    """The device. Raises Http404 when it is not there or not for `by`."""
    found = find_device(by, pk, now=clock.now())
    if found is None:
        raise Http404
    return found


def version_or_404(by: Person, pk: int) -> VersionRow:
    """The version. Raises Http404 when it is not there or not for `by`."""
    found = find_version(by, pk, now=clock.now())
    if found is None:
        raise Http404
    return found


def attempt(form: forms.Form, write: Callable[[dict[str, Any]], Made]) -> Made | None:
    """
    What `write` made of a valid form; None when the form or the service refuses, which then stands at its field.

    NotAllowed is raised on, it is no slip in a form; ChangedMeanwhile too, which the page answers with what is kept.
    """
    if not form.is_valid():
        return None
    try:
        return write(form.cleaned_data)
    except ChangedMeanwhile:
        raise
    except InventoryError as error:
        field = error.where.lower().replace(" ", "_").replace("-", "_")
        known = field if field in form.fields else None
        where = "" if known or not error.where else f"{error.where}: "
        form.add_error(known, f"{where}{error.reason()}")
        return None


def lines_for(person: Person, permission: Permission) -> list[tuple[str, str]]:
    """The device lines they may choose, for a form: "" is of no line, which takes authority over all."""
    held = lines(person, permission)
    own = [(str(one.pk), one.name) for one in device_lines(by=person) if held.covers(one.pk)]
    return [("", "No line: only who answers for all sees it"), *own] if held.every else own


def line_of(text: str) -> DeviceLine | None:
    """The line chosen in a form."""
    return DeviceLine.objects.get(pk=int(text)) if text else None


def device_link(device: Device) -> str:
    """The device's name as a link to its page."""
    return format_html('<a href="{}">{}</a>', reverse("device", args=[device.pk]), device.name)


def version_link(version: DeviceVersion) -> str:
    """The version's label, linked to what is in it where that page is there."""
    try:
        address = reverse("device-version", args=[version.pk])
    except NoReverseMatch:
        return version.label
    return format_html('<a href="{}">{}</a>', address, version.label)
