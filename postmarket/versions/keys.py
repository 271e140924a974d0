"""The one door to version keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from postmarket.versions.ecosystems import scheme_of_osv_ecosystem, scheme_of_purl_type
from postmarket.versions.interface import MAX_KEY_BYTES, Scheme
from postmarket.versions.schemes import (
    apk,
    date,
    deb,
    gem,
    generic,
    git,
    go,
    maven,
    npm,
    nuget,
    openssl,
    pypi,
    rpm,
    semver,
    windows,
)

__all__ = ["MAX_TEXT", "key", "scheme_of_osv_ecosystem", "scheme_of_purl_type", "upstream"]

MAX_TEXT = 512
"""Characters of a version's text; a longer one is unknown, whatever it says."""

_SCHEMES: dict[Scheme, Callable[[str], bytes | None]] = {
    Scheme.APK: apk.key,
    Scheme.DATE: date.key,
    Scheme.DEB: deb.key,
    Scheme.GEM: gem.key,
    Scheme.GENERIC: generic.key,
    Scheme.GIT: git.key,
    Scheme.GO: go.key,
    Scheme.MAVEN: maven.key,
    Scheme.NPM: npm.key,
    Scheme.NUGET: nuget.key,
    Scheme.OPENSSL: openssl.key,
    Scheme.PYPI: pypi.key,
    Scheme.RPM: rpm.key,
    Scheme.SEMVER: semver.key,
    Scheme.WINDOWS: windows.key,
}


@lru_cache(maxsize=2**17)
def key(scheme: Scheme, text: str) -> bytes | None:
    """
    The key of a version in a scheme: bytes that sort as the scheme's versions do, the same for equal versions.

    None when the version is unknown: not of the scheme, not ASCII, or longer than 512 characters or bytes of key.
    """
    text = text.strip()
    if not text or len(text) > MAX_TEXT or not text.isascii():
        return None
    found = _SCHEMES[scheme](text)
    return found if found is None or len(found) <= MAX_KEY_BYTES else None


def upstream(scheme: Scheme, text: str) -> str:
    """
    The upstream part of a distribution's version: epoch and revision removed (`1:9.2p1-2+deb12u2` is `9.2p1`).

    For DEB, RPM and APK; any other scheme's text comes back as it is. What a distribution appends to say that it
    repacked (`+dfsg1`, `+ds`, `~dfsg`) goes too.
    """
    text = text.strip()
    if scheme is Scheme.DEB:
        return _without_repack(deb.split(text)[1])
    if scheme is Scheme.RPM:
        return rpm.split(text)[1]
    if scheme is Scheme.APK:
        return text.rpartition("-r")[0] or text
    return text


def _without_repack(version: str) -> str:
    for mark in ("+dfsg", "~dfsg", ".dfsg", "+ds", "~ds", "+repack"):
        version = version.partition(mark)[0] or version
    return version
