"""
Debian (Policy 5.6.12, https://www.debian.org/doc/debian-policy/ch-controlfields.html#version): epoch, upstream
version, revision; each a row of non-digits and numbers. `~` sorts before the end, the end before letters, letters
before everything else. A missing epoch or revision is 0.
"""

from __future__ import annotations

import re

from postmarket.versions.schemes.encoding import NUMBERS, number

_TILDE = 0x01
_END = b"\x02"
_PAIR = re.compile(r"([^0-9]*)([0-9]*)")
_UPSTREAM = re.compile(r"[!-~]+")
_REVISION = re.compile(r"[0-9A-Za-z+.~]+")
_ORDER = bytes(_TILDE if char == ord("~") else char if chr(char).isalpha() else char | 0x80 for char in range(256))


def key(text: str) -> bytes | None:
    """The key of a Debian version, or None."""
    epoch, upstream, revision = split(text)
    if not epoch.isdigit() or not _UPSTREAM.fullmatch(upstream) or not _REVISION.fullmatch(revision):
        return None
    return NUMBERS[epoch] + _part(upstream) + _part(revision)


def split(text: str) -> tuple[str, str, str]:
    """`epoch, upstream version, revision`; `0` stands for a missing epoch or revision (an empty one stays empty)."""
    epoch, colon, rest = text.partition(":")
    if not colon:
        epoch, rest = "0", text
    upstream, dash, revision = rest.rpartition("-")
    return (epoch, upstream, revision) if dash else (epoch, rest, "0")


def _part(text: str) -> bytes:
    out = bytearray()
    for letters, digits in _PAIR.findall(text):
        if not letters and not digits:
            break
        out += letters.encode("ascii").translate(_ORDER)
        out += _END + number(digits)
    return bytes(out + _END)
