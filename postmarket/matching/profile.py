"""What a device profile contradicts: grounds for a "not affected" suggestion, each with its reason."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from postmarket.versions import cpe as cpes
from postmarket.versions.errors import InvalidCpe

if TYPE_CHECKING:
    from postmarket.matching.interface import DeviceProfile

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
TARGET_SOFTWARE = 4
TARGET_HARDWARE = 5


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


def confirms_platform(profile: DeviceProfile, product: str) -> bool:
    """Whether the profile's system is one of the family that `product` names as a whole (`o:microsoft:windows`)."""
    word = product.rpartition(":")[2]
    return product.startswith("o:") and OPERATING_SYSTEMS.get(word) in _families(profile.operating_systems)


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
    found = set()
    for name in names:
        try:
            found.add(cpes.product_name(cpes.parse(name)))
        except InvalidCpe:
            continue
    return frozenset(found)


@lru_cache(maxsize=64)
def _families(names: tuple[str, ...]) -> frozenset[str]:
    """The families of operating systems that CPE names belong to: every `windows_…` product is windows."""
    found = set()
    for product in _products(names):
        word = product.rpartition(":")[2]
        for family_word, family in OPERATING_SYSTEMS.items():
            if word == family_word or word.startswith(f"{family_word}_"):
                found.add(family)
    return frozenset(found)
