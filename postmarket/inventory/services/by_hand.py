"""Components no SBOM lists: hardware, the RTOS a supplier will not name, software bought in a box."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from postmarket.accounts.authority import Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import InvalidComponent
from postmarket.inventory.models import Component, DeviceVersion
from postmarket.inventory.rules.hand_component import check_component
from postmarket.inventory.services.listings import rebuild_listings
from postmarket.inventory.services.reasons import reason
from postmarket.inventory.services.sboms import identities
from postmarket.records.interface import Snapshot, instant
from postmarket.records.trail import act
from postmarket.sbom.interface import Component as Listed
from postmarket.sbom.interface import ComponentClass, SupportLevel


@dataclass(frozen=True, slots=True)
class HandComponent:
    """What somebody writes of a component; `kind` is CycloneDX's word: device, firmware, operating-system, …"""

    name: str
    version: str = ""
    supplier: str = ""
    purl: str = ""
    cpes: tuple[str, ...] = ()
    kind: str = "library"
    component_class: ComponentClass = ComponentClass.UNKNOWN
    support_level: SupportLevel = SupportLevel.UNKNOWN
    end_of_support: date | None = None
    note: str = ""


def add_component(*, by: Caller, version: DeviceVersion, given: HandComponent, why: str, now: datetime) -> Component:
    """
    Add a component to a version; it stays there whatever SBOMs come, until somebody removes it.

    Raises NotAllowed, and InvalidComponent naming the field that cannot be right.
    """
    require(by, Permission.SBOMS_UPLOAD, on=version.device.line)
    listed = check_component(_listed(given))
    prepared = identities.prepare([listed])
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        DeviceVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        (identity,) = identities.keep(prepared)
        twin = Component.objects.filter(version=version, sbom=None, removed_at=None, identity_id=identity).first()
        if twin is not None:
            raise InvalidComponent(f"{version} has {twin} by hand already", next_step="Remove that one first.")
        component = Component.objects.create(
            version=version,
            identity_id=identity,
            name=listed.name,
            version_text=listed.version,
            supplier=listed.supplier,
            purl=listed.purl,
            kind=listed.kind,
            component_class=given.component_class.value,
            support_level=given.support_level.value,
            end_of_support=given.end_of_support,
            added_at=now,
            note=given.note.strip(),
        )
        doing.note("component.added", subject=component, before=None, after=component_snapshot(component))
        rebuild_listings([version], now=now)
    return component


def remove_component(*, by: Caller, component: Component, why: str, now: datetime) -> Component:
    """
    Take a component entered by hand out of its version; its row stays, with when.

    Raises NotAllowed, and InvalidComponent for one an SBOM lists or that was removed before.
    """
    require(by, Permission.SBOMS_UPLOAD, on=component.version.device.line)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        component = Component.objects.select_for_update(of=("self",)).get(pk=component.pk)
        if component.sbom_id is not None:
            raise InvalidComponent(
                f"{component} is listed in an SBOM", next_step="Upload an SBOM that does not list it any more."
            )
        if component.removed_at is not None:
            raise InvalidComponent(f"{component} was removed before", next_step="Look at the list again.")
        before = component_snapshot(component)
        component.removed_at = now
        component.save(update_fields=["removed_at"])
        doing.note("component.removed", subject=component, before=before, after=component_snapshot(component))
        rebuild_listings([component.version], now=now)
    return component


def component_snapshot(component: Component) -> Snapshot:
    """What records keep of a component entered by hand."""
    ends = component.end_of_support
    removed = component.removed_at
    return {
        "version": str(component.version_id),
        "identity": component.identity.key,
        "name": component.name,
        "version_text": component.version_text,
        "supplier": component.supplier,
        "purl": component.purl,
        "cpes": list(component.identity.cpes),
        "kind": component.kind,
        "component_class": component.component_class,
        "support_level": component.support_level,
        "end_of_support": None if ends is None else ends.isoformat(),
        "note": component.note,
        "removed_at": None if removed is None else instant(removed),
    }


def _listed(given: HandComponent) -> Listed:
    return Listed(
        ref="",
        name=given.name,
        version=given.version,
        supplier=given.supplier,
        purl=given.purl,
        cpes=given.cpes,
        kind=given.kind,
        component_class=given.component_class,
    )
