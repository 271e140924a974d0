"""The URI binding of CPE 2.2 (NISTIR 7695 §6.1), extended attributes packed into its edition with `~`."""

from __future__ import annotations

import re

from postmarket.versions.cpe.formatted import checked
from postmarket.versions.cpe.name import ANY, MAX_CPE, NA, Cpe, invalid

_PIECE = re.compile(r"%([0-9a-f]{2})|([a-z0-9_])|([.~-])|(.)", re.DOTALL)
_TOKEN = re.compile(r"\\(.)|(.)", re.DOTALL)
_DECODED = frozenset("!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~")


def parse_uri(text: str) -> Cpe:
    """
    Read a CPE URI, lower-cased as the binding says. Raises InvalidCpe.

    `%3a` is a colon. NIST's reference implementation mistakes it for a parenthesis and refuses the name: see
    docs/adr/0010-cpe-answers.md.
    """
    if len(text) > MAX_CPE:
        raise invalid(text, f"it has {len(text)} characters, more than {MAX_CPE}")
    if text[:5].lower() != "cpe:/":
        raise invalid(text, "it does not begin with cpe:/")
    fields = text[5:].lower().split(":")
    if len(fields) > 7:
        raise invalid(text, f"it has {len(fields)} components, more than 7")
    if fields[0] not in ("a", "o", "h"):
        raise invalid(text, f"its part is {fields[0]!r}, not a, o or h")
    fields += [""] * (7 - len(fields))
    edition, *extended = _unpack(fields[5], text)
    decoded = [_decode(field, text) for field in (*fields[1:5], edition, fields[6], *extended)]
    return Cpe(fields[0], *decoded)


def to_uri(cpe: Cpe) -> str:
    """The name as a URI; what a URI cannot say apart (`*` and nothing) becomes nothing."""
    encoded = Cpe(*(_encode(value) for value in cpe))
    edition = encoded.edition
    if any(encoded[7:11]):
        edition = "~" + "~".join((edition, *encoded[7:11]))
    fields = (*encoded[:5], edition, encoded.language)
    return "cpe:/" + ":".join(fields).rstrip(":")


def _unpack(edition: str, text: str) -> list[str]:
    if not edition.startswith("~"):
        return [edition, "", "", "", ""]
    packed = edition[1:].split("~")
    if len(packed) != 5:
        raise invalid(text, f"its packed edition has {len(packed)} fields, not 5")
    return packed


def _decode(field: str, text: str) -> str:
    if not field:
        return ANY
    if field == NA:
        return NA
    out: list[str] = []
    for code, plain, marked, other in _PIECE.findall(field):
        if code == "01":
            out.append("?")
        elif code == "02":
            out.append("*")
        elif code:
            char = chr(int(code, 16))
            if char not in _DECODED:
                raise invalid(text, f"%{code} is no code of the binding")
            out.append(f"\\{char}")
        elif other:
            raise invalid(text, f"{other!r} must be written as a percent code")
        else:
            out.append(f"\\{marked}" if marked == "~" else plain or marked)
    return checked("".join(out), text)


def _encode(value: str) -> str:
    if value == ANY:
        return ""
    return "".join(_encoded(quoted, plain) for quoted, plain in _TOKEN.findall(value))


def _encoded(quoted: str, plain: str) -> str:
    if quoted:
        return quoted if quoted in ".-_" or quoted.isalnum() else f"%{ord(quoted):02x}"
    return {"?": "%01", "*": "%02"}.get(plain, plain)
