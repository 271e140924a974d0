"""
Alpine (apk-tools 3, src/version.c, https://gitlab.alpinelinux.org/alpine/apk-tools; its grammar in
doc/apk-package.5.scd): `digits(.digits)*[letter](_suffix[number])*[~hash][-r number]`.

Where one version ends or differs in kind, a pre-release suffix sorts before the end, then -r, ~hash, a suffix's
number, another suffix, a letter, a digit. A number after the first that begins with 0 compares as text (Gentoo).
"""

from __future__ import annotations

import re

from postmarket.versions.schemes.encoding import number

_PRE = {"alpha": b"\x01", "beta": b"\x02", "pre": b"\x03", "rc": b"\x04"}
_END = b"\x08"
_REVISION = b"\x09"
_HASH = b"\x0a"
_SUFFIX_NUMBER = b"\x0b"
_POST = {"cvs": b"\x10", "svn": b"\x11", "git": b"\x12", "hg": b"\x13", "p": b"\x14"}
_SUFFIXES = _PRE | _POST
_LETTER = b"\x20"
_TEXT_NUMBER = b"\x40"

_VERSION = re.compile(
    r"([0-9]+)((?:\.[0-9]+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*)(?:~([0-9a-f]+))?(?:-r([0-9]+))?"
)
_SUFFIX = re.compile(r"_([a-z]+)([0-9]*)")


def key(text: str) -> bytes | None:
    """The key of an Alpine version, or None."""
    found = _VERSION.fullmatch(text)
    if not found:
        return None
    first, more, letter, suffixes, commit, revision = found.groups()
    out = bytearray(number(first))
    for digits in more.split(".")[1:]:
        out += _TEXT_NUMBER + digits.encode("ascii") + b"\x00" if digits[0] == "0" else number(digits)
    if letter:
        out += _LETTER + letter.encode("ascii")
    for suffix, digits in _SUFFIX.findall(suffixes):
        out += _SUFFIXES[suffix] + (_SUFFIX_NUMBER + number(digits) if digits else b"")
    if commit:
        out += _HASH + commit.encode("ascii") + b"\x00"
    if revision:
        out += _REVISION + number(revision)
    return bytes(out + _END)
