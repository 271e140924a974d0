"""The fields of one part of a portfolio file, each read as what it should be, or refused in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import NoReturn

from postmarket.worklist.errors import PortfolioError

MOST_SHOWN = 60
MOST_DIGITS = 12
FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
HALF_CHARACTERS = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Part:
    """One mapping of the file: `kind` is what it describes, `where` how people find it: file, device, version."""

    values: Mapping[object, object]
    kind: str
    where: str

    def only(self, known: Sequence[str], *, needed: Sequence[str] = ()) -> None:
        """Raise PortfolioError for a field that is not `known`, with the nearest, or for a `needed` one that lacks."""
        listed = f"A {self.kind} has {', '.join(known)}."
        for name in self.values:
            if name not in known:
                raise PortfolioError(
                    f"{shown(name)} is no field of a {self.kind}",
                    where=self.where,
                    next_step=f"{did_you_mean(str(name), known)}{listed}",
                )
        for name in needed:
            if name not in self.values:
                raise PortfolioError(f"a {self.kind} needs a field `{name}`", where=self.where, next_step=listed)

    def text(self, name: str, *, needed: bool = False) -> str:
        """A text; where it is not `needed` it may be absent or empty, as "". Raises PortfolioError."""
        value = self.values.get(name)
        if value is None and not needed:
            return ""
        found = self._text(value, name) if value is not None else ""
        if needed and not found.strip():
            self.refuse(name, "it is blank", f"Write the {name} of the {self.kind}.")
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, absent as empty. Raises PortfolioError."""
        return tuple(self._text(one, f"{name}[{at}]") for at, one in enumerate(self._list(name)))

    def parts(self, name: str, kind: str, *, called_by: str = "", joint: str = ": ") -> Iterator[Part]:
        """The mappings in a list, each called by its field `called_by`, else by its place. Raises PortfolioError."""
        for at, one in enumerate(self._list(name)):
            found = part(one, kind, f"{self.where}: {name}[{at}]")
            called = found.values.get(called_by)
            is_called = isinstance(called, str) and bool(called.strip())
            yield Part(found.values, kind, f"{self.where}{joint}{called}") if is_called else found

    def inner(self, name: str) -> Part:
        """The mapping under `name`, absent as empty. Raises PortfolioError."""
        value = self.values.get(name)
        return part({} if value is None else value, name, f"{self.where}: {name}")

    def flags(self, name: str) -> dict[str, bool]:
        """A mapping of names to true or false, absent as empty. Raises PortfolioError."""
        inner = self.inner(name)
        found = {}
        for key, value in inner.values.items():
            flag = FLAGS.get(value.lower()) if isinstance(value, str) else value
            if not isinstance(flag, bool) or not isinstance(key, str):
                inner.refuse(str(key)[:MOST_SHOWN], f"{shown(value)} is neither true nor false", "Write true or false.")
            found[key] = flag
        return found

    def flag(self, name: str) -> bool | None:
        """True or false, absent as None. Raises PortfolioError."""
        value = self.values.get(name)
        if value is None:
            return None
        flag = FLAGS.get(value.lower()) if isinstance(value, str) else value
        if not isinstance(flag, bool):
            self.refuse(name, f"{shown(value)} is neither true nor false", "Write true or false.")
        return flag

    def one_of(self, name: str, known: Sequence[str]) -> str:
        """One word of a closed list. Raises PortfolioError with the list and the nearest word."""
        word = self.text(name, needed=True)
        if word not in known:
            step = f"{did_you_mean(word, known)}Use one of: {', '.join(known)}."
            self.refuse(name, f"{shown(word)} is no {name}", step)
        return word

    def count(self, name: str) -> int | None:
        """A whole number from 0 on, absent as None. Raises PortfolioError."""
        value = self.values.get(name)
        if value is None:
            return None
        digits = value.strip().replace("_", "") if isinstance(value, str) else ""
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS):
            self.refuse(name, f"{shown(value)} is no whole number from 0 on", f"Write it in digits, as in {name}: 120.")
        return int(digits)

    def day(self, name: str) -> date | None:
        """A date, absent as None. Raises PortfolioError."""
        said = self.text(name)
        if not said:
            return None
        try:
            return date.fromisoformat(said)
        except ValueError:
            self.refuse(name, f"{shown(said)} is no date", "Write it as YYYY-MM-DD, as in 2026-02-09.")

    def refuse(self, name: str, what: str, next_step: str) -> NoReturn:
        """Raise PortfolioError for the field `name`."""
        raise PortfolioError(what, where=f"{self.where}: {name}", next_step=next_step)

    def _text(self, value: object, name: str) -> str:
        if isinstance(value, bool):
            self.refuse(name, f"YAML reads this as {str(value).lower()}, not as text", "Put it in quotes.")
        if not isinstance(value, str):
            self.refuse(name, f"{shown(value)} is no text", "Write a text, in quotes if it has special characters.")
        if any(ord(char) in HALF_CHARACTERS for char in value):
            self.refuse(name, "it holds half a character (a lone surrogate)", "Write the character itself.")
        return value

    def _list(self, name: str) -> Sequence[object]:
        found = self.values.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            self.refuse(name, f"{shown(found)} is no list", f"Write a list, as in {name}: [one, two].")
        return found


def part(value: object, kind: str, where: str) -> Part:
    """`value` as a part of the file. Raises PortfolioError when it is no mapping."""
    if not isinstance(value, dict):
        raise PortfolioError(
            f"{shown(value)} is no {kind}", where=where, next_step="Write fields and their values, one a line."
        )
    return Part(value, kind, where)


def shown(value: object) -> str:
    """A value of the file as it can stand in a sentence."""
    match value:
        case None:
            return "an empty value"
        case bool():
            return str(value).lower()
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
    said = str(value)
    return f"“{said[:MOST_SHOWN]}{'…' if len(said) > MOST_SHOWN else ''}”"


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """`Did you mean “alarm”? `, or nothing when no known word is near."""
    near = nearest(word, known)
    return f"Did you mean “{near[0]}”? " if near else ""


def nearest(word: str, known: Sequence[str], *, most: int = 1) -> list[str]:
    """The known words most like `word`, case aside."""
    folded = {one.casefold(): one for one in known}
    return [folded[one] for one in get_close_matches(word[:MOST_SHOWN].casefold(), folded, n=most)]
