"""A version is shipped: from then on its findings have cases and clocks (DESIGN §4)."""

from __future__ import annotations

from datetime import datetime

from postmarket.accounts.authority import Bearer, Caller, require
from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import InvalidVersion
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.services.reasons import reason
from postmarket.inventory.services.versions import locked
from postmarket.inventory.snapshots import version_snapshot
from postmarket.inventory.words import VersionState
from postmarket.records import act


def mark_shipped(*, by: Caller, version: DeviceVersion, why: str, now: datetime) -> DeviceVersion:
    """
    A person says that units of this version are with customers. One that is shipped already stays as it is.

    It is not taken back, except by `correct_shipping`. Raises NotAllowed (also for any API token), NoReason.
    """
    if isinstance(by, Bearer):
        raise NotAllowed("An API token ships nothing", next_step="A person marks the version as shipped.")
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        version = locked(version)
        require(by, Permission.VERSIONS_SHIP, on=version.device.line)
        if version.is_shipped:
            return version
        before = version_snapshot(version)
        version.state, version.shipped_at = VersionState.SHIPPED.value, now
        version.shipped_by = by if isinstance(by, Person) else None
        version.save(update_fields=["state", "shipped_at", "shipped_by"])
        doing.note("device-version.shipped", subject=version, before=before, after=version_snapshot(version))
    return version


def correct_shipping(*, by: Person, version: DeviceVersion, why: str, now: datetime) -> DeviceVersion:
    """
    It was marked by mistake and never left the house: it is in development again, and the records keep both.

    Raises NotAllowed, NoReason, InvalidVersion when it is not shipped or units of it are counted.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        version = locked(version)
        require(by, Permission.VERSIONS_SHIP, on=version.device.line)
        if not version.is_shipped:
            raise InvalidVersion(f"{version} is not marked as shipped", next_step="There is nothing to correct.")
        if version.fielded.filter(units__gt=0).exists():
            raise InvalidVersion(
                f"{version} is in the field",
                why="units of it are counted with customers",
                next_step="If the count is wrong, correct it to 0 first.",
            )
        before = version_snapshot(version)
        version.state, version.shipped_at, version.shipped_by = VersionState.DEVELOPMENT.value, None, None
        version.save(update_fields=["state", "shipped_at", "shipped_by"])
        after = version_snapshot(version)
        doing.note("device-version.shipping-corrected", subject=version, before=before, after=after)
    return version
