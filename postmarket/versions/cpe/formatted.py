"""The formatted string binding of CPE 2.3 (NISTIR 7695 §6.2)."""

from __future__ import annotations

import re

from postmarket.versions.cpe.name import MAX_CPE, Cpe, invalid, requote, split_formatted

_PLAIN = re.compile(r"[A-Za-z0-9._-]+")
_VALUE = re.compile(r"(?P<head>\*|\?+)?(?P<body>(?:[^\\*?]|\\[!-~])*)(?P<tail>\*|\?+)?")


def parse_formatted(text: str) -> Cpe:
    """
    Read a formatted string. Punctuation that lacks its backslash gets it, as NIST's own reader does.

    Raises InvalidCpe: not eleven attributes, an empty one, a part other than a, o, h, a wildcard inside a value,
    white space, anything but printable ASCII.
    """
    if len(text) > MAX_CPE:
        raise invalid(text, f"it has {len(text)} characters, more than {MAX_CPE}")
    values = split_formatted("cpe:2.3:" + text[8:] if text[:8].lower() == "cpe:2.3:" else text)
    part = values[0].lower()
    if part not in ("a", "o", "h"):
        raise invalid(text, f"its part is {values[0]!r}, not a, o or h")
    return Cpe(part, *(_canonical(value, text) for value in values[1:]))


def to_formatted(cpe: Cpe) -> str:
    """The name as a formatted string."""
    return "cpe:2.3:" + ":".join(cpe)


def _canonical(value: str, text: str) -> str:
    if _PLAIN.fullmatch(value) or value == "*":
        return value
    return checked(requote(value), text)


def checked(value: str, text: str) -> str:
    """`value` when it may stand in an attribute; raises InvalidCpe naming `text` when it may not."""
    if not value:
        raise invalid(text, "an attribute is empty")
    if any(not "!" <= char <= "~" for char in value):
        raise invalid(text, "it holds white space or something else than printable ASCII")
    if value != "*" and (not _VALUE.fullmatch(value) or value == "**"):
        raise invalid(text, f"{value!r} has a wildcard inside it, or a backslash before nothing")
    return value
