"""
Linux distributions under one name, whether a purl (`pkg:deb/debian/…?distro=debian-11.6`) or an OSV ecosystem
(`Debian:11`) speaks of them. The name is the purl namespace, with OSV's name of the release after a colon, lower case.

OSV's ecosystem names: https://ossf.github.io/osv-schema/#defined-ecosystems. Red Hat's release is the CPE of a product
(`Red Hat:enterprise_linux:9::baseos`); its repository says nothing about which versions are affected and is left out.
"""

from __future__ import annotations

import re

_OSV = {
    "almalinux": ("rpm", "almalinux"),
    "alpaquita": ("apk", "alpaquita"),
    "alpine": ("apk", "alpine"),
    "azure linux": ("rpm", "azurelinux"),
    "bellsoft hardened containers": ("apk", "bellsoft-hardened-containers"),
    "chainguard": ("apk", "chainguard"),
    "debian": ("deb", "debian"),
    "echo": ("deb", "echo"),
    "mageia": ("rpm", "mageia"),
    "minimos": ("apk", "minimos"),
    "openeuler": ("rpm", "openeuler"),
    "opensuse": ("rpm", "opensuse"),
    "photon os": ("rpm", "photon"),
    "red hat": ("rpm", "redhat"),
    "rocky linux": ("rpm", "rocky"),
    "suse": ("rpm", "suse"),
    "ubuntu": ("deb", "ubuntu"),
    "wolfi": ("apk", "wolfi"),
}

_SAME_NAMESPACE = {
    "alma": "almalinux",
    "azl": "azurelinux",
    "mariner": "azurelinux",
    "rhel": "redhat",
    "rockylinux": "rocky",
    "sled": "suse",
    "sles": "suse",
}

_CODENAMES = {
    "debian": {
        "jessie": "8",
        "stretch": "9",
        "buster": "10",
        "bullseye": "11",
        "bookworm": "12",
        "trixie": "13",
        "forky": "14",
        "duke": "15",
    },
    "ubuntu": {
        "trusty": "14.04",
        "xenial": "16.04",
        "bionic": "18.04",
        "focal": "20.04",
        "jammy": "22.04",
        "kinetic": "22.10",
        "lunar": "23.04",
        "mantic": "23.10",
        "noble": "24.04",
        "oracular": "24.10",
        "plucky": "25.04",
        "questing": "25.10",
    },
}

_ROLLING = frozenset(("wolfi", "chainguard", "minimos", "arch"))
_ONE_NUMBER = frozenset(("almalinux", "centos", "debian", "mageia", "redhat", "rocky"))
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def namespace_of(namespace: str) -> str:
    """The one name of a distribution that several names stand for (`rhel` is `redhat`), lower case."""
    namespace = namespace.lower()
    return _SAME_NAMESPACE.get(namespace, namespace)


def release_of(namespace: str, distro: str) -> str:
    """
    The release that a purl's `distro` qualifier means, as OSV names it, lower case; empty when it names none.

    `namespace` is one of `namespace_of`. `debian-11.6` and `bullseye` are `11`, `alpine-3.18.4` is `v3.18`,
    `sles-15.5` is `linux enterprise server 15 sp5`.
    """
    distro = distro.strip().lower()
    if not distro or namespace in _ROLLING:
        return ""
    codename = _CODENAMES.get(namespace, {}).get(distro.removeprefix(f"{namespace}-"))
    if codename:
        return codename
    found = _NUMBERS.search(distro)
    if namespace == "opensuse" and "tumbleweed" in distro:
        return "tumbleweed"
    if namespace == "alpine" and distro.endswith("edge"):
        return "edge"
    return _release_of_numbers(namespace, found[0], distro) if found else ""


def _release_of_numbers(namespace: str, numbers: str, distro: str) -> str:
    first, dot, rest = numbers.partition(".")
    if namespace in _ONE_NUMBER:
        return first
    if namespace == "alpine":
        return f"v{first}.{rest.partition('.')[0]}" if dot else f"v{first}"
    if namespace == "opensuse":
        return f"leap {numbers}"
    if namespace == "suse":
        edition = "desktop" if distro.startswith("sled") else "server"
        return f"linux enterprise {edition} {first}" + (f" sp{rest}" if dot else "")
    return numbers


def distribution_of_osv(ecosystem: str) -> tuple[str, str] | None:
    """
    `(purl type, namespace[:release])` of an OSV ecosystem that is a distribution: `Debian:12` is
    `("deb", "debian:12")`, `Ubuntu:22.04:LTS` is `("deb", "ubuntu:22.04")`; None for any other ecosystem.
    """
    base, _, release = ecosystem.strip().lower().partition(":")
    known = _OSV.get(base)
    if known is None:
        return None
    purl_type, namespace = known
    parts = [part for part in release.split(":") if part and part != "lts"]
    if namespace == "redhat":
        parts = parts[1:2] if parts[:1] == ["enterprise_linux"] else parts[:2]
    if namespace == "suse" and parts:
        parts[0] = parts[0].removeprefix("suse ")
    if namespace in _ONE_NUMBER and len(parts) == 1 and _NUMBERS.fullmatch(parts[0]):
        parts = [parts[0].partition(".")[0]]
    if namespace in _ROLLING:
        parts = []
    return purl_type, ":".join((namespace, *parts))
