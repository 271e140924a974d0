"""Devices, versions and their SBOMs as the inventory keeps them, for tests of what hits them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from postmarket import tasks
from postmarket.accounts.models import DeviceLine
from postmarket.accounts.roles import Role
from postmarket.inventory.models import Device, DeviceVersion
from postmarket.inventory.services.sboms.receiving import receive_sbom
from postmarket.inventory.words import VersionState
from postmarket.sbom.interface import Component
from postmarket.worklist.interface import DeviceVersion as Scanned
from postmarket.worklist.interface import RoleRule
from tests.accounts.builders import person
from tests.builders import cyclonedx

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def keep_portfolio(devices: Sequence[Scanned], *, folder: Path, now: datetime = NOW) -> list[DeviceVersion]:
    """The devices of a portfolio file in the inventory, shipped, each with its SBOM received and read."""
    versions = []
    for item in devices:
        device = Device.objects.filter(name=item.device).first() or keep_device(
            item.device,
            maker=item.maker,
            device_type=item.criticality.value,
            roles=item.roles,
            profile=msgspec.to_builtins(item.profile),
            now=now,
        )
        versions.append(keep_version(device, item.version, (folder / item.source).read_bytes(), now=now))
    return versions


def keep_device(
    name: str = "Corvid ventilator",
    *,
    maker: str = "",
    device_type: str = "life-sustaining",
    roles: Sequence[RoleRule] = (),
    profile: object = None,
    line: DeviceLine | None = None,
    now: datetime = NOW,
) -> Device:
    """A device."""
    return Device.objects.create(
        name=name,
        manufacturer=maker,
        device_type=device_type,
        roles=msgspec.to_builtins(list(roles)),
        profile=profile or {},
        line=line,
        created_at=now,
    )


def keep_version(
    device: Device, label: str, content: bytes | Sequence[Component], *, shipped: bool = True, now: datetime = NOW
) -> DeviceVersion:
    """A version of `device` with an SBOM, given as a file or as what it lists."""
    version = DeviceVersion.objects.create(
        device=device,
        label=label,
        state=(VersionState.SHIPPED if shipped else VersionState.DEVELOPMENT).value,
        shipped_at=now if shipped else None,
        created_at=now,
    )
    give_sbom(version, content, now=now)
    return version


def give_sbom(version: DeviceVersion, content: bytes | Sequence[Component], *, now: datetime = NOW) -> None:
    """An SBOM of `version`, received and read."""
    receive_sbom(
        by=person("Ines Roth", Role.SUSTAINING_ENGINEERING),
        version=version,
        content=content if isinstance(content, bytes) else cyclonedx(*content),
        file_name="sbom.json",
        why="The build of last night.",
        now=now,
    )
    tasks.run_due(now=now)
    assert version.sboms.filter(is_current=True, read_at=now).exists()
