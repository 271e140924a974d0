"""
RubyGems (Gem::Version, https://docs.ruby-lang.org/en/master/Gem/Version.html): runs of digits and of letters, `-`
read as `.pre.`; a run of letters makes a pre-release and sorts before every number; the end equals any count of zeros.
"""

from __future__ import annotations

import re

from postmarket.versions.schemes.encoding import number

_VERSION = re.compile(r"[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?")
_TOKEN = re.compile(r"([0-9]+)|([A-Za-z]+)")
_WORD = b"\x10"
_END = b"\x30"
_ZEROS_THEN_WORD = 0x20
_ZEROS_THEN_NUMBER = 0x38


def key(text: str) -> bytes | None:
    """The key of a gem version, or None."""
    if not _VERSION.fullmatch(text):
        return None
    out = bytearray()
    zeros = 0
    only_numbers = True
    for digits, word in _TOKEN.findall(text.replace("-", ".pre.")):
        if digits:
            if digits.strip("0"):
                out += _before_number(zeros) + number(digits)
                zeros = 0
            else:
                zeros += 1
            continue
        if only_numbers:
            zeros = 0  # Gem::Version#canonical_segments: zeros before the first word fall away
            only_numbers = False
        out += _before_word(zeros) + _WORD + word.encode("ascii") + b"\x00"
        zeros = 0
    return bytes(out + _END)


def _before_word(zeros: int) -> bytes:
    """Zeros before a word: the more there are, the nearer to the end, which is zeros for ever."""
    return bytes((_ZEROS_THEN_WORD,)) + zeros.to_bytes(2) if zeros else b""


def _before_number(zeros: int) -> bytes:
    """Zeros before a number: the fewer there are, the sooner it is greater than the end."""
    return bytes((_ZEROS_THEN_NUMBER,)) + (0xFFFF - zeros).to_bytes(2) if zeros else b""
