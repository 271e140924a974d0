"""What a device profile contradicts: grounds for a "not affected" suggestion, each with its reason."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from postmarket.matching.attributes import Fit, fit
from postmarket.matching.errors import DeviceProfileError
from postmarket.versions import cpe as cpes
from postmarket.versions.errors import InvalidCpe
from postmarket.versions.interface import HIGHEST, LOWEST

if TYPE_CHECKING:
    from postmarket.matching.interface import DeviceProfile
    from postmarket.sources.interface import Criterion

ARCHITECTURES = {
    "x86_64": "x86_64",
    "x64": "x86_64",
    "amd64": "x86_64",
    "x86": "x86",
    "i386": "x86",
    "i686": "x86",
    "arm64": "arm64",
    "aarch64": "arm64",
    "arm": "arm",
    "armv7": "arm",
    "arm32": "arm",
    "ppc": "ppc",
    "powerpc": "ppc",
    "sparc": "sparc",
    "mips": "mips",
    "riscv": "riscv",
}
OPERATING_SYSTEMS = {
    "windows": "windows",
    "linux": "linux",
    "linux_kernel": "linux",
    "macos": "macos",
    "mac_os_x": "macos",
    "android": "android",
    "iphone_os": "ios",
    "ipados": "ios",
}
"""Words for a whole family, as sources use them."""
LINUX_DISTRIBUTIONS = frozenset(
    {"almalinux", "buildroot", "centos", "centos_stream", "fedora", "leap", "openeuler", "opensuse", "openwrt", "yocto"}
)
"""Products of the Linux family whose name does not hold the word `linux`, as `debian_linux` does."""
TARGET_SOFTWARE = 4
TARGET_HARDWARE = 5


def check(profile: DeviceProfile) -> None:
    """Raise DeviceProfileError when an operating system of `profile` is no CPE name: it would contradict everything."""
    for number, name in enumerate(profile.operating_systems):
        try:
            cpes.parse(name)
        except InvalidCpe as error:
            raise DeviceProfileError(
                f"{name!r} is no CPE name",
                where=f"profile: os[{number}]",
                why=error.why,
                next_step="Write the operating system as cpe:2.3:o:vendor:product:version:*:*:*:*:*:*:*.",
            ) from error


def contradicts_attributes(profile: DeviceProfile, attributes: str) -> str:
    """Why `profile` rules out a criterion with these CPE attributes; "" when it does not."""
    parts = cpes.split(attributes) if attributes else []
    if len(parts) <= TARGET_HARDWARE:
        return ""
    asked, ours = ARCHITECTURES.get(parts[TARGET_HARDWARE]), ARCHITECTURES.get(profile.architecture.lower())
    if asked and ours and asked != ours:
        return f"only on {parts[TARGET_HARDWARE]}; the device profile says {profile.architecture}"
    system = OPERATING_SYSTEMS.get(parts[TARGET_SOFTWARE])
    if system and profile.operating_systems and system not in _families(profile.operating_systems):
        return f"only on {parts[TARGET_SOFTWARE]}; the device profile names another operating system"
    return ""


def confirmed_attributes(profile: DeviceProfile, asked: str, stated: str) -> str:
    """
    `stated` CPE attributes with what the profile knows filled in where a criterion asks for it.

    Only target software and hardware, only where the component leaves them open, only in the criterion's own words.
    """
    wanted = cpes.split(asked)
    known = cpes.split(stated) if stated else ["*"] * len(wanted)
    hardware = ARCHITECTURES.get(wanted[TARGET_HARDWARE])
    if hardware and known[TARGET_HARDWARE] == "*" and hardware == ARCHITECTURES.get(profile.architecture.lower()):
        known[TARGET_HARDWARE] = wanted[TARGET_HARDWARE]
    system = OPERATING_SYSTEMS.get(wanted[TARGET_SOFTWARE])
    if system and known[TARGET_SOFTWARE] == "*" and system in _families(profile.operating_systems):
        known[TARGET_SOFTWARE] = wanted[TARGET_SOFTWARE]
    return ":".join(known)


def confirms_platform(profile: DeviceProfile, criterion: Criterion) -> bool:
    """
    Whether the profile's system is of the family that `criterion` names as a whole (`o:microsoft:windows`).

    Only where it means every version: versions of a family are not those of its products (Windows 10's, Debian's).
    """
    if not criterion.name.startswith("o:") or (criterion.range.lo, criterion.range.hi) != (LOWEST, HIGHEST):
        return False
    if OPERATING_SYSTEMS.get(criterion.name.rpartition(":")[2]) not in _families(profile.operating_systems):
        return False
    asked = criterion.attributes
    return not asked or fit(asked, confirmed_attributes(profile, asked, ""))[0] is Fit.FITS


def contradicts_platform(profile: DeviceProfile, product: str, attributes: str) -> str:
    """
    Why `profile` rules out the platform `product` (`part:vendor:product`); "" when it does not.

    Only operating systems are ruled out: the profile names those completely, and nothing else.
    """
    if product.startswith("o:") and profile.operating_systems:
        stated = _products(profile.operating_systems)
        system = OPERATING_SYSTEMS.get(product.rpartition(":")[2])
        if product not in stated and not (system and system in _families(profile.operating_systems)):
            return f"needs {product[2:].replace(':', ' ')}; the device profile names another operating system"
    return contradicts_attributes(profile, attributes)


@lru_cache(maxsize=64)
def _products(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(cpes.product_name(cpes.parse(name)) for name in names)


@lru_cache(maxsize=64)
def _families(names: tuple[str, ...]) -> frozenset[str]:
    """The families of operating systems that CPE names belong to: `windows_…` is windows, `debian_linux` linux."""
    found = set()
    for product in _products(names):
        word = product.rpartition(":")[2]
        if word in LINUX_DISTRIBUTIONS or "linux" in word.split("_"):
            found.add("linux")
        for family_word, family in OPERATING_SYSTEMS.items():
            if word == family_word or word.startswith(f"{family_word}_"):
                found.add(family)
    return frozenset(found)
