"""
Python (PEP 440, https://packaging.python.org/en/latest/specifications/version-specifiers/): epoch, release, then
development release < alpha < beta < candidate < final < post-release; local versions after their public one.
"""

from __future__ import annotations

import re

from postmarket.versions.schemes.encoding import number, numbers

_VERSION = re.compile(
    r"v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)"
    r"(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]*))?"
    r"(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?"
    r"(?:[-_.]?(dev)[-_.]?([0-9]*))?"
    r"(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?"
)
_PHASES = {"a": b"\x02", "alpha": b"\x02", "b": b"\x03", "beta": b"\x03"}
_CANDIDATE = b"\x04"
_ONLY_DEV = b"\x01"
_FINAL = b"\x05"
_ABSENT_LOW = b"\x01"
_PRESENT = b"\x02"
_ABSENT_HIGH = b"\x61"


def key(text: str) -> bytes | None:
    """The key of a PEP 440 version, or None (legacy versions are unknown)."""
    if text.isdigit():
        return number("0") + numbers([text]) + _FINAL + _ABSENT_LOW + _ABSENT_HIGH + _ABSENT_LOW
    found = _VERSION.fullmatch(text.lower())
    if not found:
        return None
    epoch, release, phase, phase_number, bare_post, post_word, post_number, dev_word, dev_number, local = found.groups()
    has_post = bare_post is not None or post_word is not None
    if phase:
        stage = _PHASES.get(phase, _CANDIDATE) + number(phase_number)
    else:
        stage = _ONLY_DEV if dev_word and not has_post else _FINAL
    post = _PRESENT + number(bare_post or post_number or "") if has_post else _ABSENT_LOW
    dev = number(dev_number) if dev_word else _ABSENT_HIGH
    return number(epoch or "") + numbers(release.split(".")) + stage + post + dev + _local(local)


def _local(text: str | None) -> bytes:
    if text is None:
        return _ABSENT_LOW
    out = bytearray(_PRESENT)
    for part in re.split(r"[-_.]", text):
        out += number(part) if part.isdigit() else b"\x02" + part.encode("ascii") + b"\x00"
    return bytes(out + b"\x01")
