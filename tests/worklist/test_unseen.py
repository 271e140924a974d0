"""Why components are not monitored, counted."""

from __future__ import annotations

from postmarket.worklist.unseen import causes
from tests.builders import Tell, component, nvd_range, record
from tests.worklist.conftest import ZLIB, Scan, device


def test_why_components_are_not_monitored(tell: Tell, scan: Scan) -> None:
    """What to mend first: the most frequent cause, each in a few words."""
    tell(record("CVE-2026-0001", nvd_range("a:zlib:zlib", "1.2.12")))
    worklist = scan(
        device(
            ZLIB,
            component("zlib", ref="a", cpes=("cpe:2.3:a:zlib:zlib:*:*:*:*:*:*:*:*",)),
            component("blob", "7"),
            component("blob", "8", ref="b"),
            component("left-pad", "1", purl="pkg:npm/left-pad@1"),
            component("lua", "5.4", purl="pkg:generic/lua@5.4"),
            component("breath-control", "5", supplier="Corvid"),
            maker="Corvid",
        )
    )

    assert causes(worklist.devices) == {
        "without purl, CPE or known product name": 2,
        "without version": 1,
        "no loaded source covers npm packages": 1,
        "known to no loaded source by the name given": 1,
        "the firm's own software": 1,
    }


def test_a_scan_says_which_sources_were_never_loaded(tell: Tell, scan: Scan) -> None:
    """What only they know is not among the rows."""
    tell(record("CVE-2026-0001", nvd_range("a:zlib:zlib", "1.2.12")))

    assert scan(device(ZLIB)).never_loaded == ("cve", "kev", "epss", "osv", "csaf")
