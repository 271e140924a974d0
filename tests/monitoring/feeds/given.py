"""What tests of feeds are given: a mirror on this machine, a portfolio of a few components, somebody who may."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.inventory.models import ComponentIdentity, Device, DeviceVersion, Listing
from postmarket.inventory.store import store
from postmarket.matching.aliases import builtin
from postmarket.matching.identities import identity
from postmarket.matching.portfolio import keep_identities
from postmarket.matching.store.loading import load
from postmarket.monitoring.models import FeedRun
from postmarket.monitoring.services.feeds.running import run_feed
from postmarket.sbom.interface import Component
from postmarket.sources.interface import KevEntry, Record, Source
from postmarket.sources.sync import ClientOptions, Endpoints
from tests.accounts.builders import person
from tests.builders import kev_catalogue
from tests.conftest import publish_records
from tests.sources.sync.server import Server

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def quickly() -> ClientOptions:
    """Ask twice and do not wait in between."""
    return ClientOptions(attempts=2, connect_timeout=2, read_timeout=5, sleep=lambda seconds: None)


def mirror(server: Server) -> Endpoints:
    """Every public service replaced by the test's server."""
    url = server.url
    return Endpoints(
        nvd_feeds=f"{url}/nvd",
        nvd_api=f"{url}/nvd-api",
        cve_releases=f"{url}/cve",
        kev=f"{url}/kev.json",
        epss=f"{url}/epss.csv.gz",
        osv=f"{url}/osv",
        csaf_providers=(),
    )


def ask(
    server: Server,
    source: Source = Source.KEV,
    *,
    now: datetime = NOW,
    asked_by: Person | None = None,
    within: Callable[[], AbstractContextManager[None]] = transaction.atomic,
) -> FeedRun:
    """Ask a source of the mirror."""
    by = asked_by.pk if asked_by is not None else None
    return run_feed(source, clock=lambda: now, asked_by=by, within=within, endpoints=mirror(server), options=quickly())


def lists(server: Server, *entries: KevEntry) -> None:
    """CISA's catalogue on the mirror lists these."""
    server.says("/kev.json", kev_catalogue(*entries))


def loaded_by_command_line(source: Source, content: bytes, *, now: datetime = NOW) -> None:
    """What `postmarket feeds load` does in the same store."""
    folder = settings.POSTMARKET_HOME / "brought"
    folder.mkdir(exist_ok=True)
    (folder / f"{source.value}.json").write_bytes(content)
    load(store(), source, [folder / f"{source.value}.json"], home=settings.POSTMARKET_HOME, clock=lambda: now)


def osv_about(package: str, *, fixed: str, name: str, at: datetime = NOW) -> bytes:
    """OSV's record of an npm package: hit below the version that fixes it."""
    ranges = [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}]
    affected = [{"package": {"ecosystem": "npm", "name": package}, "ranges": ranges}]
    return json.dumps({"id": name, "modified": f"{at:%Y-%m-%dT%H:%M:%SZ}", "affected": affected}).encode()


def say(*records: Record) -> None:
    """Sources say this, published."""
    publish_records(store(), list(records))


def version(*components: Component, device: str = "AeroVent 5", label: str = "5.3", maker: str = "") -> DeviceVersion:
    """A version of a device that is made of these components."""
    made_device = Device.objects.get_or_create(name=device, defaults={"created_at": NOW, "manufacturer": maker})[0]
    made = DeviceVersion.objects.create(device=made_device, label=label, created_at=NOW)
    for component, match_id in zip(components, kept(*components), strict=True):
        shared, _ = ComponentIdentity.objects.get_or_create(
            match_id=match_id,
            defaults={
                "key": f"{match_id:032x}",
                "name": component.name,
                "version": component.version,
                "supplier": component.supplier,
            },
        )
        Listing.objects.create(version=made, identity=shared)
    return made


def kept(*components: Component) -> list[int]:
    """The ids of these components' identities in the store."""
    return keep_identities(store(), [identity(component, builtin()) for component in components])


def stored() -> set[tuple[int, int]]:
    """Every stored match: vulnerability and identity of the store."""
    return set(store().execute("SELECT vulnerability_id, identity_id FROM match").fetchall())


def analyst() -> Person:
    """Somebody who may run feeds and review."""
    return person("Ana Reed", Role.PSIRT_ANALYST)


def manager() -> Person:
    """Somebody who may also retire criteria."""
    return person("Mara Lind", Role.PSIRT_MANAGER)


def auditor() -> Person:
    """Somebody who only reads."""
    return person("Ingo Fink", Role.AUDITOR)
