"""Whatever comes in whatever order, the projection kept up step by step is what a scan says at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from postmarket import tasks
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.rules.identity import identity_key
from postmarket.matching.aliases import builtin
from postmarket.matching.store.engine import Connection
from postmarket.monitoring.queries.contents import content_of
from postmarket.monitoring.queries.findings import findings
from postmarket.monitoring.services.rematching import want_rematch
from postmarket.policy.interface import Criticality
from postmarket.policy.pack import Pack
from postmarket.sbom.interface import Component
from postmarket.sources.interface import Node, Operator, Record, Source
from postmarket.worklist.assemble import assemble
from postmarket.worklist.interface import DeviceVersion as Scanned
from tests.builders import Tell, component, cpe, kev, nvd_range, rated, record
from tests.monitoring.builders import NOW, give_sbom, keep_device, keep_version
from tests.monitoring.given import Analyst

pytestmark = pytest.mark.django_db

PRODUCTS = ("a:openssl:openssl", "a:zlib:zlib", "a:sqlite:sqlite")
PLATFORM = "o:linux:linux_kernel"
LINUX = {"operating_systems": ["cpe:2.3:o:linux:linux_kernel:6.1:*:*:*:*:*:*:*"]}
STEPS = 14


@dataclass
class World:
    """Things happen to a portfolio; `random` says what."""

    random: Random
    tell: Tell
    told: dict[str, int] = field(default_factory=dict)
    versions: list[DeviceVersion] = field(default_factory=list)

    def happen(self, step: int) -> None:
        """One thing, and the tasks that follow from it."""
        at = NOW + timedelta(hours=step)
        what = self.random.choice((self.a_record, self.a_record, self.an_sbom, self.a_version, self.an_exploit))
        what(at)
        want_rematch(now=at)  # as a feed's run does
        tasks.run_due(now=at)

    def a_record(self, at: datetime) -> None:
        """A source says something new of a vulnerability, or something else than before."""
        name = f"CVE-2026-{self.random.randint(1000, 1003)}"
        self.told[name] = self.told.get(name, 0) + 1
        self.tell(self.said(name))

    def said(self, name: str) -> Record:
        """A range of one or two products, on a platform now and then, under another name now and then."""
        products = self.random.sample(PRODUCTS, self.random.choice((1, 2)))
        criteria = [nvd_range(product, f"3.{self.random.randint(0, 4)}") for product in products]
        more: dict[str, Any] = {"ratings": self.random.choice(((), (rated("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),)))}
        if self.random.random() < 0.4:
            criteria.append(nvd_range(PLATFORM, vulnerable=False))
            vulnerable = Node(Operator.OR, criteria=tuple(range(len(products))))
            more["conditions"] = (Node(Operator.AND, nodes=(vulnerable, Node(Operator.OR, criteria=(len(products),)))),)
        if self.random.random() < 0.3:
            more["aliases"] = (f"GHSA-{name[-4:]}-aaaa-aaaa",)
        modified = f"2026-11-{self.told[name]:02}T00:00:00Z"
        return record(name, *criteria, source=Source.NVD, modified=modified, **more)

    def an_sbom(self, at: datetime) -> None:
        """A version gets another SBOM."""
        if self.versions:
            give_sbom(self.random.choice(self.versions), self.listed(), now=at)

    def a_version(self, at: datetime) -> None:
        """Another device, with a profile or without."""
        number = len(self.versions)
        profile = self.random.choice((None, LINUX))
        device = keep_device(f"Device {number}", profile=profile)
        self.versions.append(keep_version(device, "1", self.listed(), now=at))

    def an_exploit(self, at: datetime) -> None:
        """CISA adds one of them to its catalogue."""
        self.tell(kev(f"CVE-2026-{self.random.randint(1000, 1003)}"))

    def listed(self) -> list[Component]:
        """What an SBOM lists: some products in some version, the platform now and then."""
        names = self.random.sample(PRODUCTS, self.random.choice((1, 2, 3)))
        if self.random.random() < 0.5:
            names.append(PLATFORM)
        found = []
        for name in names:
            at = f"3.{self.random.randint(0, 4)}"
            found.append(component(name.rpartition(":")[2], at, cpes=(cpe(name, at),)))
        return found


@pytest.mark.parametrize("seed", range(8))
def test_step_by_step_comes_to_what_a_scan_says(tell: Tell, kept: Connection, pack: Pack, seed: int) -> None:
    """Records, SBOMs, versions and KEV entries in any order, each followed by the tasks it gives."""
    world = World(Random(seed), tell)  # noqa: S311 - the same each time
    world.a_version(NOW)
    for step in range(STEPS):
        world.happen(step)
    tasks.run_due(now=NOW + timedelta(days=1))

    devices = [scanned(version) for version in world.versions]
    worklist = assemble(kept, devices, aliases=builtin(), pack=pack, now=NOW, aware=NOW, aware_basis="")
    shown = list(findings(by=Analyst().person).every())

    assert [
        (row.device.name, row.identity.key, row.facts.name, row.lane, row.priority, row.evidence) for row in shown
    ] == [
        (
            row.device.device,
            identity_key(row.component),
            row.vulnerability.name,
            row.lane,
            row.ranking.priority,
            row.match.evidence,
        )
        for row in worklist.rows
    ]
    assert shown


def scanned(version: DeviceVersion) -> Scanned:
    """A version as a scan takes it."""
    current = DeviceVersion.objects.select_related("device").get(pk=version.pk)
    content = content_of(current)
    assert content.bom is not None
    return Scanned(
        device=current.device.name,
        version=current.label,
        bom=content.bom,
        source="",
        criticality=Criticality(current.device.device_type),
        profile=content.profile,
    )
