"""Devices, versions and SBOMs for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from postmarket import tasks
from postmarket.accounts.models import DeviceLine, Person, RoleGrant
from postmarket.accounts.roles import Role
from postmarket.inventory.models import Build, Device, DeviceVersion, Sbom
from postmarket.inventory.services.sboms.receiving import Received, receive_sbom

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_numbers = count(1)


def engineer(
    name: str = "Ines Roth", role: Role = Role.SUSTAINING_ENGINEERING, line: DeviceLine | None = None
) -> Person:
    """Somebody who may upload SBOMs."""
    made = Person.objects.create(email=f"person{next(_numbers)}@example.com", name=name, invited_at=NOW)
    RoleGrant.objects.create(person=made, role=role, line=line, granted_at=NOW, why="For the test.")
    return made


def device(name: str = "Corvid ventilator", **fields: Any) -> Device:
    """A device."""
    return Device.objects.create(name=name, created_at=NOW, **fields)


def version(label: str = "3.2", of: Device | None = None, **fields: Any) -> DeviceVersion:
    """A version of a device, of the ventilator when none is named."""
    owner = of or Device.objects.filter(name="Corvid ventilator").first() or device()
    return DeviceVersion.objects.create(device=owner, label=label, created_at=NOW, **fields)


def build(of: DeviceVersion, label: str = "b1", **fields: Any) -> Build:
    """A build of a version."""
    return Build.objects.create(version=of, label=label, **{"built_at": NOW - timedelta(days=1), **fields})


def component(name: str, at: str = "1.0", **fields: Any) -> dict[str, Any]:
    """A component as CycloneDX writes it."""
    return {"type": "library", "bom-ref": f"{name}@{at}", "name": name, "version": at, **fields}


def cyclonedx(*components: Mapping[str, Any], subject: Mapping[str, Any] | None = None, made: str = "") -> bytes:
    """A CycloneDX SBOM."""
    metadata: dict[str, Any] = {"timestamp": made or "2026-11-01T10:00:00Z"}
    if subject is not None:
        metadata["component"] = dict(subject)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": list(components),
    }
    return json.dumps(document).encode()


OPENSSL = component("openssl", "3.0.7", cpe="cpe:2.3:a:openssl:openssl:3.0.7:*:*:*:*:*:*:*")
ZLIB = component("zlib", "1.2.13", purl="pkg:generic/zlib@1.2.13")
LODASH = component("lodash", "4.17.20", purl="pkg:npm/lodash@4.17.20")


def receive(
    into: DeviceVersion, content: bytes | Path, *, by: Person | None = None, at: datetime = NOW, **more: Any
) -> Received:
    """Upload an SBOM; a task waits to read it."""
    given = {"file_name": "sbom.json", "why": "The build of last night.", **more}
    return receive_sbom(by=by or engineer(), version=into, content=content, now=at, **given)


def uploaded(into: DeviceVersion, *components: Mapping[str, Any], at: datetime = NOW, **more: Any) -> Sbom:
    """An SBOM of these components, uploaded and read."""
    received = receive(into, cyclonedx(*components), at=at, **more)
    tasks.run_due(now=at)
    received.sbom.refresh_from_db()
    return received.sbom


def names(of: DeviceVersion) -> Sequence[str]:
    """What a version is made of, by name and version."""
    return sorted(str(row.identity) for row in of.listings.select_related("identity"))
