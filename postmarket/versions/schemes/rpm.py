"""
RPM (rpmvercmp, https://rpm-software-management.github.io/rpm/manual/dependencies.html#versioning and
rpmio/rpmvercmp.c): epoch, version, release; each a row of runs of digits or of letters, everything else only
separates. `~` sorts before the end, the end before `^`, `^` before letters, letters before digits. A missing epoch
is 0; a missing release sorts before every release, since a total order must put it somewhere.
"""

from __future__ import annotations

import re

from postmarket.versions.schemes.encoding import NUMBERS, number

_TILDE = b"\x01"
_END = b"\x02"
_CARET = b"\x03"
_LETTERS = b"\x04"
_TOKEN = re.compile(r"([0-9]+)|([A-Za-z]+)|([~^])")
_WORTHY = re.compile(r"[!-~]+")


def key(text: str) -> bytes | None:
    """The key of `[epoch:]version[-release]`, or None."""
    if not _WORTHY.fullmatch(text):
        return None
    epoch, version, release = split(text)
    if not epoch.isdigit() or not version:
        return None
    return NUMBERS[epoch] + _part(version) + _part(release)


def split(text: str) -> tuple[str, str, str]:
    """`epoch, version, release`; epoch `0` when there is none (or `(none)`, as rpm prints it), release empty."""
    epoch, colon, rest = text.partition(":")
    if not colon:
        epoch, rest = "0", text
    version, dash, release = rest.rpartition("-")
    epoch = "0" if epoch == "(none)" else epoch
    return (epoch, version, release) if dash else (epoch, rest, "")


def _part(text: str) -> bytes:
    out = bytearray()
    for digits, letters, mark in _TOKEN.findall(text):
        if digits:
            out += number(digits)
        elif letters:
            out += _LETTERS + letters.encode("ascii") + b"\x00"
        else:
            out += _TILDE if mark == "~" else _CARET
    return bytes(out + _END)
