"""
Go modules (https://go.dev/ref/mod#versions): semver with a leading `v`; pseudo-versions
(`v0.0.0-20210520170846-37e1c6afe023`) are pre-releases that sort by their time; `+incompatible` says nothing.

The toolchain and standard library are written `go1.21rc2` (https://go.dev/doc/toolchain#version); that is
1.21.0-rc.2, as the Go vulnerability database writes it.
"""

from __future__ import annotations

import re

from postmarket.versions.schemes import semver

_TOOLCHAIN = re.compile(r"^(?:go)?([0-9]+(?:\.[0-9]+)*)(?:(alpha|beta|rc)([0-9]+))?(?:[ -].*)?$")
_PLATFORM_WORDS = re.compile(r"^go[0-9]|^[0-9.]+(?:alpha|beta|rc)[0-9]")


def key(text: str) -> bytes | None:
    """The key of a module or toolchain version, or None (`(devel)` is unknown)."""
    if _PLATFORM_WORDS.match(text):
        found = _TOOLCHAIN.match(text)
        if not found:
            return None
        text = f"{found[1]}-{found[2]}.{found[3]}" if found[2] else found[1]
    return semver.key(text)
