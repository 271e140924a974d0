"""
The portfolio file: a manufacturer's devices with criticality, clinical roles, shipped versions and their SBOMs.

Its form is described in docs/portfolio.md and shown by the example that `postmarket demo` uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postmarket.policy.interface import Criticality
from postmarket.policy.response import device_type
from postmarket.worklist.errors import PortfolioError
from postmarket.worklist.inputs import first_bom
from postmarket.worklist.interface import DeviceVersion
from postmarket.worklist.notices import Notice
from postmarket.worklist.portfolio_checks import check_listed, check_roles
from postmarket.worklist.portfolio_fields import nearest, shown
from postmarket.worklist.portfolio_file import read_file

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from postmarket.errors import PostmarketError
    from postmarket.policy.pack import Pack
    from postmarket.policy.response import DeviceType
    from postmarket.sbom.interface import Bom
    from postmarket.worklist.portfolio_file import ListedDevice, ListedVersion

DEVICE_TYPES = tuple(member.value for member in Criticality if member is not Criticality.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A portfolio as read; paths are beside the file that names them. `sboms` are the files it speaks for."""

    manufacturer: str
    devices: tuple[DeviceVersion, ...]
    vex: tuple[Path, ...]
    aliases: tuple[Path, ...]
    refused: tuple[PostmarketError, ...]
    notices: tuple[Notice, ...] = ()
    sboms: tuple[Path, ...] = ()


@dataclass(slots=True)
class _Found:
    devices: list[DeviceVersion] = field(default_factory=list)
    refused: list[PostmarketError] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    sboms: list[Path] = field(default_factory=list)


def read_portfolio(path: Path, *, pack: Pack, now: datetime) -> Portfolio:
    """
    The portfolio in the YAML file `path`, its SBOMs read; `now` is UTC.

    A device version whose SBOM cannot be read is left out and its reason is in `refused`; what looks like a slip is in
    `notices`. Raises PortfolioError, naming file, device, version and field, when the file itself is not a portfolio.
    """
    listed = read_file(path)
    types = [listed_type(device, pack) for device in listed.devices]
    found = _Found()
    for device, kind in zip(listed.devices, types, strict=True):
        found.notices.extend(check_listed(device, now=now))
        if kind.criticality is Criticality.UNKNOWN and device.criticality is not None:
            found.notices.append(Notice(f"{device.part.where}: criticality: {kind.note}"))
        boms = [
            _read_version(device, version, kind, path=path, maker=listed.manufacturer, found=found)
            for version in device.versions
        ]
        read = [bom for bom in boms if bom is not None]
        if len(read) == len(boms):
            found.notices.extend(check_roles(device, read))
    return Portfolio(
        manufacturer=listed.manufacturer,
        devices=tuple(found.devices),
        vex=tuple(path.parent / name for name in listed.vex),
        aliases=tuple(path.parent / name for name in listed.aliases),
        refused=tuple(found.refused),
        notices=tuple(found.notices),
        sboms=tuple(found.sboms),
    )


def _read_version(
    device: ListedDevice, version: ListedVersion, kind: DeviceType, *, path: Path, maker: str, found: _Found
) -> Bom | None:
    """Read one version's SBOM into `found`, or say there why it is left out."""
    file = path.parent / version.sbom
    if not _is_there(file):
        found.refused.append(
            PortfolioError(
                f"the SBOM of {device.name} {version.version} is not there",
                where=f"{path}: {version.sbom}",
                next_step="Correct the path; it is taken from the portfolio file's folder.",
            )
        )
        return None
    found.sboms.append(file)
    bom, unread = first_bom(file)
    found.refused.extend(unread)
    if bom is None:
        return None
    found.devices.append(
        DeviceVersion(
            device=device.name,
            version=version.version,
            bom=bom,
            source=version.sbom,
            criticality=kind.criticality,
            criticality_note=kind.note,
            roles=device.roles,
            profile=device.profile,
            released=version.released.isoformat() if version.released is not None else "",
            maker=maker or (bom.subject.supplier if bom.subject is not None else ""),
            units=version.units,
        )
    )
    return bom


def listed_type(device: ListedDevice, pack: Pack) -> DeviceType:
    """
    What the device ranks as.

    A type nobody maps ranks as life-supporting, and a notice says so. A mistyped one is refused: a mistyped
    life-sustaining device would rank too low.
    """
    kind = device_type(device.criticality or Criticality.UNKNOWN.value, pack)
    if device.criticality is None or kind.criticality is not Criticality.UNKNOWN:
        return kind
    own = [row.name for row in pack.device_types.values()]
    near = nearest(device.criticality, [*DEVICE_TYPES, *own, Criticality.UNKNOWN.value])
    if near and near[0] != device.criticality:
        words = ", ".join((*DEVICE_TYPES, *own))
        step = f"Did you mean “{near[0]}”? Use one of: {words}."
        device.part.refuse("criticality", f"{shown(device.criticality)} is no device type of this policy", step)
    return kind


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a name longer than the system allows names nothing
        return False
