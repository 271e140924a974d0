"""The content of what is signed, as lines people can read; nothing of it is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from postmarket.records.interface import Snapshot, Value


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in words, and its value; None is unknown."""

    name: str
    value: str | None


def fields_of(content: Snapshot) -> list[Field]:
    """Every field, those of nested values under the name of what they belong to."""
    return list(_walk("", content))


def _walk(name: str, value: Value) -> Iterator[Field]:
    match value:
        case Mapping():
            for key, inner in value.items():
                words = key.replace("_", " ").replace("-", " ")
                yield from _walk(f"{name} · {words}" if name else words.capitalize(), inner)
        case None | "":
            yield Field(name, None)
        case bool():
            yield Field(name, "yes" if value else "no")
        case str() | int():
            yield Field(name, str(value))
        case Sequence():
            if all(isinstance(one, str | int) for one in value):
                yield Field(name, ", ".join(map(str, value)) or None)
            else:
                for number, one in enumerate(value, start=1):
                    yield from _walk(f"{name} {number}", one)
