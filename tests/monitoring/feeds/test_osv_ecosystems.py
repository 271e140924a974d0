"""OSV's Maven and Linux archives are first-class: chosen, fetched, loaded, matched, believed when whole."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from postmarket.inventory.store import store
from postmarket.matching import coverage
from postmarket.matching.aliases import builtin
from postmarket.matching.devices import match_device
from postmarket.matching.interface import Coverage, Grade
from postmarket.monitoring.feed_words import FeedRunState
from postmarket.monitoring.services.feeds.running import run_feed
from postmarket.monitoring.services.feeds.schedules import change_schedule
from postmarket.sbom.interface import Component
from postmarket.sources.interface import Source
from tests.builders import component, zip_of
from tests.monitoring.feeds.given import NOW, analyst, mirror, quickly
from tests.sources.sync.server import Server

pytestmark = pytest.mark.django_db

ECOSYSTEMS = ("Maven", "Debian", "Alpine", "Ubuntu")
LOG4J = component("log4j-core", "2.14.1", purl="pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1")
DEBIAN = component("openssl", "3.0.11-1~deb12u1", purl="pkg:deb/debian/openssl@3.0.11-1~deb12u1?distro=debian-12")
ALPINE = component("zlib", "1.2.13-r0", purl="pkg:apk/alpine/zlib@1.2.13-r0?distro=alpine-3.18")
UBUNTU = component("curl", "7.81.0-1ubuntu1", purl="pkg:deb/ubuntu/curl@7.81.0-1ubuntu1?distro=ubuntu-22.04")


def says(name: str, ecosystem: str, package: str, fixed: str) -> bytes:
    """One OSV record: all versions before `fixed` are affected."""
    return json.dumps(
        {
            "schema_version": "1.6.0",
            "id": name,
            "modified": "2026-11-20T00:00:00Z",
            "affected": [
                {
                    "package": {"ecosystem": ecosystem, "name": package},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
                }
            ],
        }
    ).encode()


ARCHIVES = {
    "Maven": says("GHSA-1111-2222-3333", "Maven", "org.apache.logging.log4j:log4j-core", "2.15.0"),
    "Debian": says("DEBIAN-CVE-2026-1001", "Debian:12", "openssl", "3.0.12-1~deb12u1"),
    "Alpine": says("ALPINE-CVE-2026-1002", "Alpine:v3.18", "zlib", "1.2.13-r1"),
    "Ubuntu": says("UBUNTU-CVE-2026-1003", "Ubuntu:22.04:LTS", "curl", "7.81.0-1ubuntu1.1"),
}


@pytest.fixture
def loaded(server: Server) -> None:
    """The chosen archives, asked by a schedule that names them."""
    for ecosystem, content in ARCHIVES.items():
        server.says(f"/osv/{ecosystem}/all.zip", zip_of({"record.json": content}))
    change_schedule(
        by=analyst(), source=Source.OSV, enabled=True, every_minutes=1440, choices=ECOSYSTEMS, why="Ours.", now=NOW
    )
    run = run_feed(Source.OSV, clock=lambda: NOW, endpoints=mirror(server), options=quickly())
    assert (run.state, run.added) == (FeedRunState.DONE, 4)
    assert [asked.path for asked in server.asked] == [f"/osv/{ecosystem}/all.zip" for ecosystem in ECOSYSTEMS]


@pytest.mark.parametrize("listed", [LOG4J, DEBIAN, ALPINE, UBUNTU], ids=list(ECOSYSTEMS))
def test_a_package_is_matched_by_its_own_feed(loaded: None, listed: Component) -> None:
    """In the versions of its own scheme, confirmed, and counted as covered."""
    found = match_device(store(), [listed], aliases=builtin())

    assert [match.grade for match in found.matches] == [Grade.CONFIRMED]
    assert found.coverage[0].state is Coverage.MATCHED


@pytest.mark.parametrize(
    ("listed", "fixed"),
    [(LOG4J, "2.15.0"), (DEBIAN, "3.0.12-1~deb12u1"), (ALPINE, "1.2.13-r1"), (UBUNTU, "7.81.0-1ubuntu1.1")],
    ids=list(ECOSYSTEMS),
)
def test_the_fixed_package_is_not_matched(loaded: None, listed: Component, fixed: str) -> None:
    """A backport of the distribution counts: its own feed says so."""
    purl = listed.purl.replace(listed.version, fixed)
    found = match_device(store(), [replace(listed, version=fixed, purl=purl)], aliases=builtin())

    assert found.matches == ()
    assert found.coverage[0].state is Coverage.MATCHED_NONE


@pytest.mark.parametrize(
    "listed",
    [
        component("commons-text", "1.9", purl="pkg:maven/org.apache.commons/commons-text@1.9"),
        component("bash", "5.2-1", purl="pkg:deb/debian/bash@5.2-1?distro=debian-12"),
        component("busybox", "1.36-r0", purl="pkg:apk/alpine/busybox@1.36-r0?distro=alpine-3.18"),
    ],
    ids=["Maven", "Debian", "Alpine"],
)
def test_a_name_the_feed_does_not_list_is_clear_only_when_the_feed_is_whole(
    loaded: None, listed: Component, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few records are no whole feed: not monitorable, never "no vulnerabilities"."""
    assert match_device(store(), [listed], aliases=builtin()).coverage[0].state is Coverage.NOT_MONITORABLE

    monkeypatch.setattr(coverage, "WHOLE_FEED", 1)
    assert match_device(store(), [listed], aliases=builtin()).coverage[0].state is Coverage.MATCHED_NONE
