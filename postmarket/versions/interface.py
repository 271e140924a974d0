"""
The whole vocabulary of versions: a scheme, a key in it, a half-open range of keys.

A key is bytes that sort, byte by byte, as the versions of its scheme do; equal versions have equal keys. That
makes "in range" a byte comparison, in Python and in any SQL engine.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

LOWEST = b""
"""Before every key."""
HIGHEST = b"\xff"
"""After every key: no key begins with 0xff."""
MAX_KEY_BYTES = 512
"""A longer key is unknown: an absurd version cannot fill an index."""


class Scheme(StrEnum):
    """How versions are ordered. The values are stored; never rename one."""

    GENERIC = "generic"
    SEMVER = "semver"
    DEB = "deb"
    RPM = "rpm"
    APK = "apk"
    PYPI = "pypi"
    NPM = "npm"
    MAVEN = "maven"
    GO = "go"
    NUGET = "nuget"
    GEM = "gem"
    OPENSSL = "openssl"
    DATE = "date"
    WINDOWS = "windows"
    GIT = "git"
    """Exact commits: equality only, never a range."""


class Range(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Half-open `lo <= key < hi` over the keys of one scheme; an inclusive end is stored as `key + 0x00`."""

    scheme: Scheme
    lo: bytes
    hi: bytes

    def holds(self, key: bytes) -> bool:
        """Whether `key`, a key of the same scheme, lies in the range."""
        return self.lo <= key < self.hi
