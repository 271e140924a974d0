"""
OpenSSL before 3 (https://www.openssl.org/policies/general/versioning-policy.html): 1.0.2 < 1.0.2a < … < 1.0.2z <
1.0.2za < … ; from 3.0.0 on plain numbers. Pre-releases (`-alpha1`, `-beta1`, `-pre1`, `-dev`) come before.

`-fips` says how it was built, not which version it is.
"""

from __future__ import annotations

import re

from postmarket.versions.schemes.encoding import number, numbers

_VERSION = re.compile(
    r"v?([0-9]+(?:\.[0-9]+)+)\.?(z*[a-z])?(?:[-_]?(dev|alpha|beta|pre|rc)[-_.]?([0-9]*))?(?:-fips)?(?:-dev)?"
)
_PRE = {"dev": b"\x11", "alpha": b"\x12", "beta": b"\x13", "pre": b"\x14", "rc": b"\x15"}
_END = b"\x20"
_LETTERS = b"\x30"


def key(text: str) -> bytes | None:
    """The key of an OpenSSL version, or None."""
    found = _VERSION.fullmatch(text.lower())
    if not found:
        return None
    release, letters, phase, digits = found.groups()
    out = numbers(release.split("."))
    if letters:
        out += _LETTERS + letters.encode("ascii")
    if phase:
        out += _PRE[phase] + number(digits)
    return out + _END
