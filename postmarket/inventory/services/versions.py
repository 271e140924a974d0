"""Versions of devices and their builds."""

from __future__ import annotations

from datetime import datetime

from postmarket.accounts.authority import Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import InvalidVersion
from postmarket.inventory.models import Build, Device, DeviceVersion
from postmarket.inventory.rules.fields import one_line
from postmarket.inventory.rules.version_fields import VersionFields, check_sha256, check_version
from postmarket.inventory.services.reasons import reason
from postmarket.inventory.services.unchanged import state_word, unchanged_since
from postmarket.inventory.snapshots import build_snapshot, version_snapshot
from postmarket.inventory.words import SupportStage
from postmarket.records import Act, act


def add_version(*, by: Caller, device: Device, fields: VersionFields, why: str, now: datetime) -> DeviceVersion:
    """
    A version in development. Raises NotAllowed, NoReason, InvalidVersion (also for a label the device has already).
    """
    require(by, Permission.DEVICES_EDIT, on=device.line)
    checked = check_version(fields)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
        return _create(doing, device, checked)


def development_version(*, by: Caller, device: Device, label: str, why: str, now: datetime) -> DeviceVersion:
    """
    The version with this label, made in development when there is none: for a pipeline that brings its SBOM.

    Takes the permission to add SBOMs, not the one to change devices. Raises NotAllowed, NoReason, InvalidVersion.
    """
    require(by, Permission.SBOMS_UPLOAD, on=device.line)
    checked = check_version(VersionFields(label))
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
        found = DeviceVersion.objects.select_related("device").filter(device=device, label=checked.label).first()
        return found or _create(doing, device, checked)


def edit_version(
    *, by: Caller, version: DeviceVersion, fields: VersionFields, why: str, now: datetime, seen: str = ""
) -> DeviceVersion:
    """
    All fields of a version anew; what is the same as before leaves no record.

    The label of a shipped version stays: devices in hospitals show it. `seen` is the `state_of` that whoever edits has
    read: raises ChangedMeanwhile when it is another by now. Raises NotAllowed, NoReason, InvalidVersion.
    """
    checked = check_version(fields)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        version = locked(version)
        require(by, Permission.DEVICES_EDIT, on=version.device.line)
        if version.is_shipped and checked.label != version.label:
            raise InvalidVersion(
                f"{version} is shipped and keeps its label",
                where="version",
                next_step="Add another version under the other label.",
            )
        before = version_snapshot(version)
        unchanged_since(seen, before, str(version))
        _free_label(version.device, checked.label, version)
        _set(version, checked)
        version.save()
        after = version_snapshot(version)
        if after != before:
            doing.note("device-version.changed", subject=version, before=before, after=after)
    return version


def add_build(
    *, by: Caller, version: DeviceVersion, label: str, built_at: datetime, sha256: str = "", why: str, now: datetime
) -> Build:
    """
    A build of a version, by the permission to add SBOMs (a pipeline makes both). `built_at` is UTC.

    The same build again is the one there is. Raises NotAllowed, NoReason, InvalidVersion: also for a build of that
    label that was made at another time or has another SHA-256, and for one from the future.
    """
    require(by, Permission.SBOMS_UPLOAD, on=version.device.line)
    named = one_line("build", label, needed=True, wrong=InvalidVersion)
    digest = check_sha256(sha256)
    if built_at > now:
        raise InvalidVersion("The build was made in the future", where="built at", next_step="Correct the time.")
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        version = locked(version)
        held = Build.objects.filter(version=version, label=named).first()
        if held is not None:
            if (held.built_at, held.sha256) != (built_at, digest):
                raise InvalidVersion(
                    f"{version} has another build {named}",
                    where="build",
                    why="it was made at another time, or of other bytes",
                    next_step="Give this build a label of its own.",
                )
            return held
        build = Build.objects.create(version=version, label=named, built_at=built_at, sha256=digest)
        doing.note("build.recorded", subject=build, before=None, after=build_snapshot(build))
    return build


def state_of(version: DeviceVersion) -> str:
    """All that is kept of a version, in one word that changes with it."""
    return state_word(version_snapshot(version))


def fields_of(version: DeviceVersion) -> VersionFields:
    """What is kept of a version, as people would give it."""
    stage = SupportStage(version.support_stage) if version.support_stage else None
    return VersionFields(version.label, version.released_on, stage, version.end_of_support)


def locked(version: DeviceVersion) -> DeviceVersion:
    """The version as it is now, with its device and line; nobody else changes it until the transaction ends."""
    rows = DeviceVersion.objects.select_for_update(of=("self",)).select_related("device__line")
    return rows.get(pk=version.pk)


def _create(doing: Act, device: Device, fields: VersionFields) -> DeviceVersion:
    version = DeviceVersion(device=device, created_at=doing.at)
    _free_label(device, fields.label, version)
    _set(version, fields)
    version.save()
    doing.note("device-version.created", subject=version, before=None, after=version_snapshot(version))
    return version


def _set(version: DeviceVersion, fields: VersionFields) -> None:
    version.label = fields.label
    version.released_on = fields.released_on
    version.support_stage = "" if fields.support_stage is None else fields.support_stage.value
    version.end_of_support = fields.end_of_support


def _free_label(device: Device, label: str, version: DeviceVersion) -> None:
    if DeviceVersion.objects.filter(device=device, label__iexact=label).exclude(pk=version.pk).exists():
        raise InvalidVersion(
            f"{device.name} has a version {label} already", where="version", next_step="Change that one."
        )
