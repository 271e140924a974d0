"""The shape of a portfolio file: each field as what it should be, and nothing that nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.matching.errors import DeviceProfileError
from postmarket.matching.interface import DeviceProfile
from postmarket.matching.profile import check
from postmarket.policy.interface import ClinicalRole
from postmarket.worklist.errors import PortfolioError
from postmarket.worklist.interface import RoleRule
from postmarket.worklist.portfolio_facts import (
    DEVICE_FACTS,
    VERSION_FACTS,
    DeviceFacts,
    ListedSupplier,
    VersionFacts,
    device_facts,
    suppliers,
    units_of,
    version_facts,
)
from postmarket.worklist.portfolio_fields import Part, part
from postmarket.worklist.portfolio_yaml import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

ROLES = tuple(role.value for role in ClinicalRole)
PORTFOLIO = ("manufacturer", "devices", "suppliers", "vex", "aliases")
DEVICE = ("name", "criticality", *DEVICE_FACTS, "profile", "clinical_roles", "versions")
VERSION = ("version", "sbom", "released", "units", *VERSION_FACTS)


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version as the file lists it; `units` are all in the field, wherever they are."""

    version: str
    sbom: str
    released: date | None
    units: int | None
    facts: VersionFacts
    part: Part


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A device as the file lists it; `criticality` is None where the file says nothing."""

    name: str
    criticality: str | None
    profile: DeviceProfile
    roles: tuple[RoleRule, ...]
    versions: tuple[ListedVersion, ...]
    facts: DeviceFacts
    part: Part


@dataclass(frozen=True, slots=True)
class PortfolioFile:
    """The whole file."""

    manufacturer: str
    devices: tuple[ListedDevice, ...]
    suppliers: tuple[ListedSupplier, ...]
    vex: tuple[str, ...]
    aliases: tuple[str, ...]


def read_file(path: Path) -> PortfolioFile:
    """
    The portfolio file at `path`.

    Raises PortfolioError, naming file, device, version and field, for what cannot be right: a field nobody knows, a
    value of another kind, a device or a version listed twice.
    """
    whole = part(load(path), "portfolio", str(path))
    whole.only(PORTFOLIO, needed=("devices",))
    devices = tuple(_devices(whole))
    if not devices:
        whole.refuse("devices", "it lists no device", "List at least one; docs/portfolio.md shows how.")
    return PortfolioFile(
        whole.text("manufacturer"), devices, tuple(suppliers(whole)), whole.texts("vex"), whole.texts("aliases")
    )


def _devices(whole: Part) -> Iterator[ListedDevice]:
    seen: set[str] = set()
    for one in whole.parts("devices", "device", called_by="name"):
        one.only(DEVICE, needed=("name", "versions"))
        name = one.text("name", needed=True)
        if name.strip().casefold() in seen:
            one.refuse("name", "this device is listed twice", "List all its versions under one, or tell them apart.")
        seen.add(name.strip().casefold())
        yield ListedDevice(
            name=name,
            criticality=one.text("criticality", needed=True) if "criticality" in one.values else None,
            profile=_profile(one),
            roles=tuple(_roles(one)),
            versions=tuple(_versions(one)),
            facts=device_facts(one),
            part=one,
        )


def _roles(device: Part) -> Iterator[RoleRule]:
    for one in device.parts("clinical_roles", "clinical role"):
        one.only(("match", "role", "why"), needed=("match", "role"))
        yield RoleRule(one.text("match", needed=True), ClinicalRole(one.one_of("role", ROLES)), one.text("why"))


def _versions(device: Part) -> Iterator[ListedVersion]:
    seen: set[tuple[str, str]] = set()
    for one in device.parts("versions", "version", called_by="version", joint=" "):
        one.only(VERSION, needed=("version", "sbom"))
        version, sbom = one.text("version", needed=True), one.text("sbom", needed=True)
        if (version, sbom) in seen:
            one.refuse("version", "this version is listed twice with the same SBOM", "Keep one of the two.")
        seen.add((version, sbom))
        facts = version_facts(one)
        units = units_of(one, one.count("units"), facts.customers)
        yield ListedVersion(version, sbom, one.day("released"), units, facts, one)
    if not seen:
        device.refuse("versions", "it lists no version", "List each version in the field with its SBOM.")


def _profile(device: Part) -> DeviceProfile:
    """What the file says of a device beyond its SBOM."""
    one = device.inner("profile")
    one.only(("architecture", "os", "features"))
    profile = DeviceProfile(
        architecture=one.text("architecture"), operating_systems=one.texts("os"), features=one.flags("features")
    )
    try:
        check(profile)
    except DeviceProfileError as error:
        where = f"{device.where}: {error.where}"
        raise PortfolioError(error.what, where=where, why=error.why, next_step=error.next_step) from error
    return profile
