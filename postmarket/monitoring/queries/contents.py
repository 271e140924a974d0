"""What a device version is made of, as matching takes it: the components of its current SBOM, and those by hand."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import zstandard

from postmarket.inventory.models import Component as Listed
from postmarket.inventory.models import DeviceVersion, Sbom
from postmarket.inventory.rules.identity import identity_key
from postmarket.matching.interface import DeviceProfile
from postmarket.sbom.interface import Bom, Component, ComponentClass
from postmarket.worklist.assemble import listed

_bom = msgspec.msgpack.Decoder(Bom).decode


@dataclass(frozen=True, slots=True)
class Content:
    """
    Everything matching asks of a version; `keys` are the identity keys of `components`, side by side.

    `maker` is who makes the device: as the inventory says, else the supplier the SBOM gives its subject.
    """

    components: tuple[Component, ...]
    keys: tuple[str, ...]
    profile: DeviceProfile
    maker: str
    bom: Bom | None


def content_of(version: DeviceVersion) -> Content:
    """What `version` is made of now; nothing when no SBOM of it could be read and nothing was entered by hand."""
    bom = bom_of(version)
    components = listed(bom) if bom is not None else ()
    keys = [identity_key(component) for component in components]
    entered = [by_hand(row) for row in _entered(version)]
    maker = version.device.manufacturer
    if not maker and bom is not None and bom.subject is not None:
        maker = bom.subject.supplier
    return Content(
        components=(*components, *(component for component, _ in entered)),
        keys=(*keys, *(key for _, key in entered)),
        profile=msgspec.convert(version.device.profile, DeviceProfile),
        maker=maker,
        bom=bom,
    )


def bom_of(version: DeviceVersion) -> Bom | None:
    """What was read of the version's current SBOM."""
    content = Sbom.objects.filter(version=version, is_current=True).values_list("content", flat=True).first()
    return _bom(zstandard.decompress(bytes(content))) if content else None


def _entered(version: DeviceVersion) -> list[Listed]:
    rows = Listed.objects.filter(version=version, sbom=None, removed_at=None).select_related("identity")
    return list(rows.order_by("pk"))


def by_hand(row: Listed) -> tuple[Component, str]:
    """A component entered by hand as matching takes it, and its identity's key. Fetch `identity` with the row."""
    return (
        Component(
            ref=f"by-hand-{row.pk}",
            name=row.name,
            version=row.version_text,
            supplier=row.supplier,
            kind=row.kind or "library",
            component_class=ComponentClass(row.component_class),
            purl=row.purl,
            cpes=tuple(row.identity.cpes),
        ),
        row.identity.key,
    )
