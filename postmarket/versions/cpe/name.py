"""
A CPE name as its eleven attributes, and what the rest of the program reads from it.

Everything here takes a `Cpe` or the bare list that `split_formatted` gives: a feed has 800,000 names, and checking
each by the grammar would cost more than loading it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from postmarket.versions.errors import InvalidCpe

ANY = "*"
NA = "-"
MAX_CPE = 4096
"""Characters; a longer text is refused unread."""

_COLON = re.compile(r"((?:[^\\:]|\\.)*):", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PREFIX = "cpe:2.3:"
_PLAIN_NAME = re.compile(r"[a-z0-9._:-]+")
_QUOTE = re.compile(r"\\([A-Za-z0-9._-])|(\\.)|([^A-Za-z0-9._\\*?-])", re.DOTALL)
_NO_ATTRIBUTES = (ANY,) * 7


class Cpe(NamedTuple):
    """
    The attributes of a name (NISTIR 7695 §5.2), each as a formatted string binds it: `*` any, `-` not applicable, else
    a value in which everything but letters, digits, `.`, `-`, `_` and wildcards has a backslash before it.
    """

    part: str
    vendor: str = ANY
    product: str = ANY
    version: str = ANY
    update: str = ANY
    edition: str = ANY
    language: str = ANY
    sw_edition: str = ANY
    target_sw: str = ANY
    target_hw: str = ANY
    other: str = ANY


def split_formatted(text: str) -> list[str]:
    """The eleven attributes of a CPE 2.3 formatted string as they stand there. Raises InvalidCpe for another count."""
    if not text.startswith(_PREFIX):
        raise invalid(text, "it does not begin with cpe:2.3:")
    rest = text[8:]
    parts = split(rest)
    if len(parts) != 11:
        raise invalid(text, f"it has {len(parts)} attributes, not 11")
    return parts


def product_name(cpe: Sequence[str]) -> str:
    """
    The name of NameKind.CPE: `part:vendor:product`, lower case, in canonical form (`a:bmc:track-it\\!`).

    Feeds quote what needs no backslash (`node\\.js`) and leave bare what does; one product must have one name.
    """
    name = f"{cpe[0]}:{cpe[1]}:{cpe[2]}".lower()
    if _PLAIN_NAME.fullmatch(name):
        return name
    return ":".join(requote(part) for part in (cpe[0], cpe[1], cpe[2])).lower()


def split(text: str) -> list[str]:
    """The parts of a name or of attributes, cut at the colons that separate: a quoted one does not."""
    return text.split(":") if "\\" not in text else _COLON.findall(text + ":")


def requote(value: str) -> str:
    """`value` with a backslash before everything but letters, digits, `.`, `-`, `_` and wildcards, and nowhere else."""
    return _QUOTE.sub(_requoted, value)


def _requoted(found: re.Match[str]) -> str:
    needless, needed, missing = found.groups()
    return needless or needed or f"\\{missing}"


def attributes(cpe: Sequence[str]) -> str:
    """`update:edition:language:sw_edition:target_sw:target_hw:other`, lower case; empty when every one is `*`."""
    rest = tuple(cpe[4:11])
    return "" if rest == _NO_ATTRIBUTES else ":".join(rest).lower()


def version_text(cpe: Sequence[str]) -> str:
    """
    The version for `keys.key`, unescaped, a stated update behind it (`9.8` and `p1` give `9.8-p1`).

    Empty for `*` and `-`: any version, or none, is no version.
    """
    version, update = cpe[3], cpe[4]
    if version in (ANY, NA):
        return ""
    if update in (ANY, NA, ""):
        return unescape(version)
    return f"{unescape(version)}-{unescape(update)}"


def unescape(value: str) -> str:
    """An attribute's value without its backslashes (`15.2\\(4\\)m` is `15.2(4)m`)."""
    return _ESCAPE.sub(r"\1", value) if "\\" in value else value


def invalid(text: str, why: str) -> InvalidCpe:
    """The error for a text that is no CPE name."""
    return InvalidCpe(
        f"{text[:120]!r} is no CPE name",
        why=why,
        next_step="Write it as cpe:2.3:part:vendor:product:version:… with eleven attributes.",
    )
