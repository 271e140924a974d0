"""
Semantic Versioning 2.0.0 §11 (https://semver.org/spec/v2.0.0.html#spec-item-11): numbers, then a pre-release, whose
identifiers compare one by one, numeric ones lowest; build metadata says nothing.

More lenient than the specification in what it takes, never in how it orders: a leading `v`, any count of numbers
(missing ones are zero) and leading zeros, because that is how advisories write "semver".
"""

from __future__ import annotations

import re

from postmarket.versions.schemes.encoding import number, numbers

PRE = b"\x10"
END = b"\x20"
_IDENTIFIER_END = b"\x01"
_ALPHANUMERIC = b"\x70"
_IDENTIFIER = re.compile(r"[0-9A-Za-z-]+")


def key(text: str) -> bytes | None:
    """The key of a semantic version, or None."""
    return key_of_parts(text[1:] if text[:1] in ("v", "V") else text)


def key_of_parts(text: str) -> bytes | None:
    """The key of `numbers[-pre-release][+build]`, or None; shared by the schemes that build on semver."""
    if "+" in text:
        text, _, build = text.partition("+")
        if not all(_IDENTIFIER.fullmatch(part) for part in build.split(".")):
            return None
    core, dash, pre = text.partition("-")
    try:
        head = numbers(core.split("."))
    except KeyError:
        return None
    if not dash:
        return head + END
    tail = _pre_release(pre)
    return None if tail is None else head + PRE + tail


def _pre_release(text: str) -> bytes | None:
    out = bytearray()
    for part in text.split("."):
        if part.isdigit():
            out += number(part)
        elif _IDENTIFIER.fullmatch(part):
            out += _ALPHANUMERIC + part.encode("ascii") + b"\x00"
        else:
            return None
    return bytes(out + _IDENTIFIER_END)
