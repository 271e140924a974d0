"""Devices of a file."""

from __future__ import annotations

from dataclasses import fields, replace

from postmarket.accounts.models import DeviceLine
from postmarket.inventory.models import Device
from postmarket.inventory.rules.fields import DeviceFields
from postmarket.inventory.services.devices import add_device, edit_device, fields_of
from postmarket.inventory.services.importing.interface import Importing, Kind, outcome_of, said_of
from postmarket.inventory.snapshots import device_snapshot
from postmarket.worklist.portfolio_facts import DeviceFacts
from postmarket.worklist.portfolio_fields import did_you_mean
from postmarket.worklist.portfolio_file import ListedDevice

FACTS = tuple(one.name for one in fields(DeviceFacts) if one.name != "line")
"""What the file says of a device under the names its fields have here."""


def import_device(importing: Importing, listed: ListedDevice, *, manufacturer: str) -> Device:
    """Add it, or change what the file says of it; what it does not say stays as it is. Raises ImportRefused."""
    with said_of(listed.part.where):
        found = Device.objects.select_related("line").filter(name__iexact=" ".join(listed.name.split())).first()
        line = _line(importing, listed, found)
        before = None if found is None else device_snapshot(found)
        merged = _merged(listed, DeviceFields(listed.name) if found is None else fields_of(found), manufacturer)
        by, why, now = importing.by, importing.why, importing.now
        if found is None:
            found = add_device(by=by, fields=merged, line=line, why=why, now=now)
        else:
            found = edit_device(by=by, device=found, fields=merged, line=line, why=why, now=now)
        importing.note(Kind.DEVICE, found.name, outcome_of(before, device_snapshot(found)))
    return found


def _merged(listed: ListedDevice, held: DeviceFields, manufacturer: str) -> DeviceFields:
    said = {name: value for name in FACTS if (value := getattr(listed.facts, name)) is not None}
    merged = replace(held, name=listed.name, manufacturer=manufacturer or held.manufacturer, **said)
    if listed.criticality is not None:
        merged = replace(merged, device_type=listed.criticality)
    if "clinical_roles" in listed.part.values:
        merged = replace(merged, roles=listed.roles)
    if "profile" in listed.part.values:
        merged = replace(merged, profile=listed.profile)
    return merged


def _line(importing: Importing, listed: ListedDevice, held: Device | None) -> DeviceLine | None:
    key = listed.facts.line
    if key is None:
        return None if held is None else held.line
    line = importing.lines.get(key)
    if line is None:
        known = ", ".join(importing.lines) or "none yet"
        near = did_you_mean(key, list(importing.lines))
        listed.part.refuse(
            "line",
            f"“{key}” is no device line",
            f"{near}Known are: {known}. An administrator adds one under People.",
        )
    return line
