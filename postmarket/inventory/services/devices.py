"""Devices are described, and described anew."""

from __future__ import annotations

from datetime import datetime

from postmarket.accounts.authority import Caller, require
from postmarket.accounts.models import DeviceLine
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import InvalidDevice, InvalidUdi
from postmarket.inventory.hooks import listing_changed
from postmarket.inventory.models import Device, DeviceVersion, UdiDi
from postmarket.inventory.rules.fields import DeviceFields, check_fields
from postmarket.inventory.rules.kept import profile_read, profile_written, roles_read, roles_written
from postmarket.inventory.rules.udi import UdiDi as ReadUdiDi
from postmarket.inventory.rules.udi import read_udi_di
from postmarket.inventory.services.listings import rebuild_listings
from postmarket.inventory.services.reasons import reason
from postmarket.inventory.services.unchanged import state_word, unchanged_since
from postmarket.inventory.snapshots import device_snapshot
from postmarket.inventory.words import DeviceClass, SubmissionType, SupportStage
from postmarket.records import Snapshot, act

MATCHED_BY = ("profile", "manufacturer", "device_type")
"""What matching and ranking ask of a device, besides its roles."""


def add_device(*, by: Caller, fields: DeviceFields, line: DeviceLine | None, why: str, now: datetime) -> Device:
    """
    A new product model. `line` None: it belongs to none, and only who has all lines sees it.

    Raises NotAllowed, NoReason, InvalidDevice (also for a name another device has), InvalidUdi.
    """
    require(by, Permission.DEVICES_EDIT, on=line)
    checked, udis = check_fields(fields), _read_udis(fields.udi_dis)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        device = Device(created_at=now)
        _free_name(checked.name, device)
        _set(device, checked, line)
        device.save()
        _set_udis(device, udis)
        doing.note("device.created", subject=device, before=None, after=device_snapshot(device))
    return device


def edit_device(
    *,
    by: Caller,
    device: Device,
    fields: DeviceFields,
    line: DeviceLine | None,
    why: str,
    now: datetime,
    seen: str = "",
) -> Device:
    """
    All fields of a device anew; what is the same as before leaves no record.

    Moving it to another line takes the authority there too. `seen` is the `state_of` that whoever edits has read:
    raises ChangedMeanwhile when it is another by now. Raises as `add_device` does.
    """
    checked, udis = check_fields(fields), _read_udis(fields.udi_dis)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        device = Device.objects.select_for_update(of=("self",)).select_related("line").get(pk=device.pk)
        require(by, Permission.DEVICES_EDIT, on=device.line)
        if line != device.line:
            require(by, Permission.DEVICES_EDIT, on=line)
        before = device_snapshot(device)
        unchanged_since(seen, before, device.name)
        _free_name(checked.name, device)
        _set(device, checked, line)
        device.save()
        _set_udis(device, udis)
        after = device_snapshot(device)
        if after != before:
            doing.note("device.changed", subject=device, before=before, after=after)
            _pass_on(device, before, after, now=now)
    return device


def state_of(device: Device) -> str:
    """All that is kept of a device, in one word that changes with it."""
    return state_word(device_snapshot(device))


def fields_of(device: Device) -> DeviceFields:
    """What is kept of a device, as people would give it."""
    return DeviceFields(
        name=device.name,
        manufacturer=device.manufacturer,
        model_numbers=tuple(device.model_numbers),
        udi_dis=tuple(one.di for one in device.udi_dis.all()),
        product_code=device.product_code,
        device_class=DeviceClass(device.device_class),
        submission_type=SubmissionType(device.submission_type),
        submission_number=device.submission_number,
        submission_date=device.submission_date,
        device_type=device.device_type,
        intended_use=device.intended_use,
        essential_performance=device.essential_performance,
        markets=tuple(device.markets),
        support_stage=SupportStage(device.support_stage),
        end_of_support=device.end_of_support,
        roles=roles_read(device.roles),
        profile=profile_read(device.profile),
    )


def _pass_on(device: Device, before: Snapshot, after: Snapshot, *, now: datetime) -> None:
    """Other roles change what versions list; another profile, maker or type how they are matched and rank."""
    versions = list(DeviceVersion.objects.filter(device=device).select_related("device"))
    if before["roles"] != after["roles"]:
        rebuild_listings(versions, now=now)
    if any(before[name] != after[name] for name in MATCHED_BY):
        listing_changed([one.pk for one in versions], now=now)


def _set(device: Device, fields: DeviceFields, line: DeviceLine | None) -> None:
    device.line = line
    device.name = fields.name
    device.manufacturer = fields.manufacturer
    device.model_numbers = list(fields.model_numbers)
    device.product_code = fields.product_code
    device.device_class = fields.device_class.value
    device.submission_type = fields.submission_type.value
    device.submission_number = fields.submission_number
    device.submission_date = fields.submission_date
    device.device_type = fields.device_type
    device.intended_use = fields.intended_use
    device.essential_performance = fields.essential_performance
    device.markets = list(fields.markets)
    device.support_stage = fields.support_stage.value
    device.end_of_support = fields.end_of_support
    device.roles = roles_written(fields.roles)
    device.profile = profile_written(fields.profile)


def _free_name(name: str, device: Device) -> None:
    other = Device.objects.filter(name__iexact=name).exclude(pk=device.pk).first()
    if other is not None:
        raise InvalidDevice(
            f"There is a device {other.name} already",
            where="name",
            next_step="Change that one, or give this one a name people can tell from it.",
        )


def _read_udis(texts: tuple[str, ...]) -> list[ReadUdiDi]:
    return list({read.di: read for read in map(read_udi_di, texts)}.values())


def _set_udis(device: Device, wanted: list[ReadUdiDi]) -> None:
    """Keep the wanted ones in their order. Raises InvalidUdi for one that is on another device's label."""
    held = list(device.udi_dis.values_list("di", "agency", "note"))
    rows = [(one.di, one.agency.value, one.note) for one in wanted]
    if held == rows:
        return
    taken = UdiDi.objects.filter(di__in=[one.di for one in wanted]).exclude(device=device).select_related("device")
    for one in taken:
        raise InvalidUdi(
            f"The UDI-DI {one.di} is on the label of {one.device.name}",
            where="UDI-DIs",
            why="it names one device only",
            next_step="Copy it again from the label, or take it from the other device first.",
        )
    device.udi_dis.all().delete()
    UdiDi.objects.bulk_create(UdiDi(device=device, di=di, agency=agency, note=note) for di, agency, note in rows)
