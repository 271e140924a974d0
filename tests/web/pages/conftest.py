"""A small firm: a ventilator in two versions and a pump, with what is known of what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.roles import Role
from postmarket.inventory.models import Device, DeviceVersion
from postmarket.policy.interface import ClinicalRole
from postmarket.web import clock
from postmarket.worklist.interface import RoleRule
from tests.accounts.builders import line, person, with_generator
from tests.builders import Tell, component, cpe, kev, nvd_range, rated, record
from tests.monitoring.builders import NOW, keep_device, keep_version
from tests.monitoring.conftest import bring_up, kept, pack, store

__all__ = ["bring_up", "kept", "pack", "store"]

OPENSSL, ZLIB, CURL = "a:openssl:openssl", "a:zlib:zlib", "a:haxx:curl"
KNOWN = NOW - timedelta(days=2)
"""When everything was first known; the pages are looked at `NOW`."""


@dataclass
class Firm:
    """What there is; `ana` is an analyst of everything, `pia` one of pumps only."""

    ventilator: Device
    v1: DeviceVersion
    v2: DeviceVersion
    pump: Device
    p1: DeviceVersion
    pumps: DeviceLine
    ana: Person
    pia: Person


@pytest.fixture
def now() -> Iterator[datetime]:
    """The clock of the site stands, and nothing is remembered of another test."""
    cache.clear()
    with clock.stopped(NOW):
        yield NOW


@pytest.fixture
def firm(tell: Tell, bring_up: Callable[..., object], now: datetime) -> Firm:
    """
    CVE-2025-0001 in OpenSSL on the ventilator's alarm path, in KEV; CVE-2025-0002 in zlib, without a score, on both.

    CVE-2025-0003 hits nothing. One component of each is known to no source.
    """
    tell(
        record(
            "CVE-2025-0001",
            nvd_range(OPENSSL, "3.0.19"),
            description="A crafted message overflows OpenSSL. Code may run.",
            ratings=(rated("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),),
            aliases=("GHSA-aaaa-bbbb-cccc",),
        ),
        record("CVE-2025-0002", nvd_range(ZLIB, "1.3"), description="zlib corrupts memory <when> deflating."),
        record("CVE-2025-0003", nvd_range(CURL, "8.0"), description="curl follows a bad redirect."),
    )
    tell(kev("CVE-2025-0001"))
    roles = (RoleRule("openssl", ClinicalRole.ALARM, "Protects the alarm gateway."),)
    pumps = line("Infusion pumps")
    ventilator = keep_device("Ventorsa 5", roles=roles, now=KNOWN)
    pump = keep_device("Dosimere 3", device_type="life-supporting", line=pumps, now=KNOWN)

    def holds(*versions: tuple[str, str, str]) -> list[object]:
        return [component(name, version, cpes=(cpe(product, version),)) for name, version, product in versions]

    old = [*holds(("openssl", "3.0.13", OPENSSL), ("zlib", "1.2.11", ZLIB)), component("ventorsa-ui", "5.1")]
    new = [*holds(("openssl", "3.0.15", OPENSSL), ("zlib", "1.3.1", ZLIB)), component("ventorsa-ui", "5.2")]
    made = Firm(
        ventilator=ventilator,
        v1=keep_version(ventilator, "5.1", old, now=KNOWN),  # type: ignore[arg-type]
        v2=keep_version(ventilator, "5.2", new, now=KNOWN),  # type: ignore[arg-type]
        pump=pump,
        p1=keep_version(pump, "3.0", holds(("zlib", "1.2.11", ZLIB)), now=KNOWN),  # type: ignore[arg-type]
        pumps=pumps,
        ana=person("Ana Reed", Role.PSIRT_ANALYST),
        pia=person("Pia Ross", Role.PSIRT_ANALYST, line=pumps),
    )
    with_generator(made.ana)
    with_generator(made.pia)
    bring_up(KNOWN)
    return made


@pytest.fixture
def ana(firm: Firm) -> Client:
    """Ana's browser."""
    client = Client()
    client.force_login(firm.ana)
    return client


@pytest.fixture
def pia(firm: Firm) -> Client:
    """Pia's browser."""
    client = Client()
    client.force_login(firm.pia)
    return client
