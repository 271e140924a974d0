"""A whole scan over a store filled by hand: devices in, a worklist out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from postmarket.documents.vex.interface import Statement
from postmarket.matching.aliases import builtin
from postmarket.matching.store.engine import Connection
from postmarket.policy.pack import Pack, load_pack
from postmarket.sbom.interface import Bom, Component, Format
from postmarket.worklist.assemble import assemble
from postmarket.worklist.interface import DeviceVersion, Worklist
from tests.builders import NOW, component, cpe

Scan = Callable[..., Worklist]

CRITICAL = "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
"""9.8, easy to exploit."""
MODERATE = "AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L"
"""5.3, easy to exploit."""

OPENSSL = component("openssl", "1.1.1k", cpes=(cpe("a:openssl:openssl", "1.1.1k"),))
ZLIB = component("zlib", "1.2.11", cpes=(cpe("a:zlib:zlib", "1.2.11"),))


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The default policy."""
    return load_pack()


@pytest.fixture
def scan(store: Connection, pack: Pack) -> Scan:
    """Assemble the worklist of device versions from what was told."""

    def scan(*devices: DeviceVersion, aware: datetime = NOW, vex: tuple[Statement, ...] = ()) -> Worklist:
        return assemble(
            store,
            devices,
            aliases=builtin(),
            pack=pack,
            now=NOW,
            aware=aware,
            aware_basis="as the test says",
            statements=vex,
        )

    return scan


def bom(*components: Component, **more: object) -> Bom:
    """An SBOM that lists `components`."""
    given = {"sha256": "0" * 64, **more}
    return Bom(Format.CYCLONEDX_JSON, "1.6", name="", components=components, **given)  # type: ignore[arg-type]


def device(*components: Component, name: str = "Ventilator", version: str = "1.0", **more: object) -> DeviceVersion:
    """A device version made of `components`."""
    given = {"bom": bom(*components), "source": f"{name}-{version}.cdx.json", **more}
    return DeviceVersion(device=name, version=version, **given)  # type: ignore[arg-type]
