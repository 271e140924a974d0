"""JSON and XML from outside, parsed strictly."""

from __future__ import annotations

import json
from itertools import accumulate
from math import isinf
from typing import TYPE_CHECKING, Any, NoReturn

from postmarket.untrusted.errors import UntrustedInput
from postmarket.untrusted.places import MAX_DEPTH, MAX_DIGITS, STEP, STRING, first_fault, first_lone_surrogate

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in STEP)


class _Refused(ValueError):
    """A hook met what the parser itself would let through."""


def parse_json(content: bytes, *, name: str) -> Any:
    """
    Parse UTF-8 (a BOM is tolerated) or UTF-16 JSON strictly.

    Raises UntrustedInput, naming `name`, line and column, for anything that is not one whole JSON value:
    truncation, another encoding, a NaN or Infinity, a key given twice in one object, nesting deeper than 200,
    an integer of more than 4,000 digits, a lone surrogate.
    """
    text = decode_text(content, name=name)
    if _depth(text) > MAX_DEPTH:
        _refuse_at(text, *first_fault(text), name=name)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        _refuse_at(text, error.pos, _plain_reason(text, error), name=name)
    except _Refused:
        _refuse_at(text, *first_fault(text), name=name)
    lone = first_lone_surrogate(text)
    if lone >= 0:
        _refuse_at(text, lone, "half a surrogate pair is no character", name=name)
    return value


def parse_xml(content: bytes, *, name: str) -> Element:
    """
    Parse XML without any DTD, entity or external reference.

    Raises UntrustedInput, naming `name`, line and column, for anything else, and for nesting deeper than 200.
    """
    from xml.etree.ElementTree import ParseError, TreeBuilder

    import defusedxml.ElementTree as Defused
    from defusedxml.common import DefusedXmlException

    class Builder(TreeBuilder):
        """The standard builder, counting how deep it stands."""

        depth = 0

        def start(self, *tag: Any) -> Element:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise _Refused
            return super().start(*tag)

        def end(self, tag: str) -> Element:
            self.depth -= 1
            return super().end(tag)

    parser = Defused.DefusedXMLParser(target=Builder(), forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except (ParseError, Defused.ParseError) as error:
        line, column = error.position
        _refuse(name, line, column + 1, f"not well-formed XML ({str(error).split(': line')[0]})", "XML")
    except DefusedXmlException:
        line, column = parser.parser.CurrentLineNumber, parser.parser.CurrentColumnNumber + 1
        _refuse(name, line, column, "it has a DTD, an entity or an external reference, which may be a bomb", "XML")
    except _Refused:
        line, column = parser.parser.CurrentLineNumber, parser.parser.CurrentColumnNumber + 1
        _refuse(name, line, column, f"nested deeper than {MAX_DEPTH} levels", "XML")
    except (ValueError, LookupError) as error:
        _refuse(name, 1, 1, f"its declared encoding cannot be read ({error})", "XML")
    return root


def decode_text(content: bytes, *, name: str) -> str:
    """
    The text of `content`: UTF-8 with or without a BOM, or UTF-16 with or without one. The BOM is taken off.

    Raises UntrustedInput, naming `name` and the place of the first byte that is neither.
    """
    encoding = json.detect_encoding(content)
    if encoding.startswith("utf-32"):
        _refuse(name, 1, 1, "it is written in UTF-32", "text")
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        _refuse(name, line, column, f"byte 0x{content[error.start]:02x} is not {encoding.removesuffix('-sig')}", "text")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Refused
    return made


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _Refused
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if isinf(value):
        raise _Refused
    return value


def _constant(word: str) -> NoReturn:
    raise _Refused(word)


def _depth(text: str) -> int:
    """The deepest nesting of brackets outside strings, counted without recursion."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return 0
    brackets = STRING.sub("", text).encode("utf-8", "replace").translate(None, _NOT_BRACKETS)
    return max(accumulate(map(STEP.__getitem__, brackets)), default=0)


def _plain_reason(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return "the file is empty"
    if error.msg.startswith("Unterminated string") or not text[error.pos :].strip():
        return "the file ends too soon: it is truncated"
    if error.msg == "Extra data":
        return "more text follows after the end of the JSON value"
    reason = error.msg.removesuffix(" at").removesuffix(" starting")
    return f"{reason[:1].lower()}{reason[1:]}"


def _refuse_at(text: str, position: int, why: str, *, name: str) -> NoReturn:
    line = text.count("\n", 0, position) + 1
    _refuse(name, line, position - text.rfind("\n", 0, position), why, "JSON")


def _refuse(name: str, line: int, column: int, why: str, language: str) -> NoReturn:
    next_step = "Export it again as UTF-8." if language == "text" else "Export it again from the tool that wrote it."
    raise UntrustedInput(
        f"cannot read this as {language}",
        where=f"{name}: line {line}, column {column}",
        why=why,
        next_step=next_step,
    ) from None
