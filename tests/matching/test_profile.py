"""What a device profile contradicts and confirms, and what is no profile."""

from __future__ import annotations

import pytest

from postmarket.matching.errors import DeviceProfileError
from postmarket.matching.interface import DeviceProfile, Grade
from postmarket.matching.profile import check
from postmarket.sources.interface import Node, Operator
from tests.builders import Match, Tell, component, cpe, nvd_range, record

VIEWER = component("viewer", "1.0", cpes=(cpe("a:acme:viewer", "1.0"),))
RUNNING_ON = Node(Operator.AND, nodes=(Node(Operator.OR, (0,)), Node(Operator.OR, (1,))))
LINUXES = (
    "debian:debian_linux",
    "canonical:ubuntu_linux",
    "redhat:enterprise_linux",
    "redhat:enterprise_linux_server",
    "alpinelinux:alpine_linux",
    "yoctoproject:yocto",
    "suse:suse_linux_enterprise_server",
    "suse:linux_enterprise_server",
    "fedoraproject:fedora",
    "linux:linux_kernel",
    "windriver:linux",
)


def runs(product: str, version: str = "12") -> DeviceProfile:
    """A device on `vendor:product`."""
    return DeviceProfile(operating_systems=(cpe(f"o:{product}", version),))


@pytest.mark.parametrize("product", LINUXES)
def test_a_linux_distribution_is_linux(tell: Tell, match: Match, product: str) -> None:
    """It neither contradicts target software linux nor the platform linux_kernel: it confirms both."""
    tell(
        record("CVE-1", nvd_range("a:acme:viewer", "2.0", attributes="*:*:*:*:linux:*:*")),
        record(
            "CVE-2",
            nvd_range("a:acme:viewer", "2.0"),
            nvd_range("o:linux:linux_kernel", vulnerable=False),
            conditions=(RUNNING_ON,),
        ),
    )

    assert [item.grade for item in match(VIEWER, profile=runs(product)).matches] == [Grade.CONFIRMED] * 2


@pytest.mark.parametrize("platform", ["o:microsoft:windows", "o:canonical:ubuntu_linux", "o:apple:macos"])
def test_another_system_still_contradicts(tell: Tell, match: Match, platform: str) -> None:
    """Debian is no Windows, and no Ubuntu either."""
    tell(
        record(
            "CVE-1",
            nvd_range("a:acme:viewer", "2.0"),
            nvd_range(platform, vulnerable=False),
            conditions=(RUNNING_ON,),
        )
    )

    (only,) = match(VIEWER, profile=runs("debian:debian_linux")).matches

    assert only.grade is Grade.CONTRADICTED


@pytest.mark.parametrize(
    ("below", "attributes", "grade"),
    [
        ("", "", Grade.CONFIRMED),
        ("6.1", "", Grade.UNVERIFIED),
        ("", "*:*:*:*:*:x86:*", Grade.UNVERIFIED),
    ],
)
def test_a_family_is_confirmed_as_a_whole_only(
    tell: Tell, match: Match, below: str, attributes: str, grade: Grade
) -> None:
    """Debian 12 has a Linux kernel; which one, and on which processor, the profile does not say."""
    platform = nvd_range("o:linux:linux_kernel", below, attributes=attributes, vulnerable=False)
    tell(record("CVE-1", nvd_range("a:acme:viewer", "2.0"), platform, conditions=(RUNNING_ON,)))

    (only,) = match(VIEWER, profile=runs("debian:debian_linux")).matches

    assert only.grade is grade


@pytest.mark.parametrize("name", ["", "linux", "debian 12", "cpe:2.3:o:debian", "pkg:deb/debian/openssl"])
def test_an_operating_system_that_is_no_cpe_name_is_refused(match: Match, name: str) -> None:
    """It would contradict every platform: one line says which one and how to write it."""
    profile = DeviceProfile(operating_systems=(cpe("o:linux:linux_kernel", "-"), name))

    with pytest.raises(DeviceProfileError, match=r"profile: os\[1\]: .*is no CPE name") as raised:
        check(profile)
    with pytest.raises(DeviceProfileError):
        match(VIEWER, profile=profile)

    assert "\n" not in raised.value.line()
