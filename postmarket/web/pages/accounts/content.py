"""The content of what is signed, as fields people can read; nothing of it is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from postmarket.accounts.signing.ceremony import Line
from postmarket.records.canonical import canonical
from postmarket.records.interface import Snapshot, Value
from postmarket.web.pages.accounts.signed_words import DATES, FINGERPRINTS, MOMENTS, NOTHING, VALUES, label_of, place_of


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field: its name in words, and one of: a text, a day, several texts, fields of its own, or a list of such.

    A field with none of them is unknown.
    """

    label: str
    text: str = ""
    day: date | datetime | None = None
    texts: tuple[str, ...] = ()
    parts: tuple[Field, ...] = ()
    items: tuple[tuple[Field, ...], ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Nobody stated it."""
        return not (self.text or self.day or self.texts or self.parts or self.items)


@dataclass(frozen=True, slots=True)
class ToSign:
    """One line of the list: its sentence, its fields in words, the very text that is signed, and its fingerprints."""

    id: str
    sentence: str
    fields: tuple[Field, ...]
    fingerprints: tuple[Field, ...]
    raw: str
    sha256: str


def to_sign(lines: Iterable[Line]) -> list[ToSign]:
    """The list as the page shows it."""
    return [_to_sign(f"text-{number}", line) for number, line in enumerate(lines, start=1)]


def _to_sign(id: str, line: Line) -> ToSign:
    marks = tuple(Field(label, str(line.content[key])) for key, label in FINGERPRINTS.items() if key in line.content)
    raw = canonical({"sentence": line.sentence, "content": line.content}).decode()
    return ToSign(id, line.sentence, fields_of(line.content), marks, raw, line.sha256)


def fields_of(content: Snapshot, *, within: str = "") -> tuple[Field, ...]:
    """Every field but fingerprints, in the order in which people read them, those without words of ours last."""
    keys = sorted((key for key in content if key not in FINGERPRINTS), key=lambda key: place_of(key, within=within))
    return tuple(_field(key, content[key], within) for key in keys)


def _field(key: str, value: Value, within: str) -> Field:
    label = label_of(key, within=within)
    match value:
        case Mapping():
            return Field(label, parts=fields_of(value, within=key))
        case None | "":
            return Field(label, text=NOTHING.get(key, ""))
        case bool():
            return Field(label, text="yes" if value else "no")
        case str() if key in MOMENTS:
            return Field(label, day=datetime.fromisoformat(value))
        case str() if key in DATES:
            return Field(label, day=date.fromisoformat(value))
        case str() | int():
            return Field(label, text=VALUES.get((key, str(value)), str(value)))
        case Sequence():
            return _list(key, label, value)


def _list(key: str, label: str, values: Sequence[Value]) -> Field:
    """One of texts or of groups of fields; empty, it says that there is none."""
    if not values:
        return Field(label, text="none")
    if all(isinstance(one, Mapping) for one in values):
        return Field(label, items=tuple(fields_of(one, within=key) for one in values if isinstance(one, Mapping)))
    return Field(label, texts=tuple(str(one) for one in values))
