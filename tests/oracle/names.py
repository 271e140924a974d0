"""CPE 2.3 formatted strings, as far as the walk needs them (NISTIR 7695 §6.2, 7696 §6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

FIELDS = 13
_FIELD = re.compile(r"(?:^|:)((?:\\.|[^:\\])*)", re.DOTALL)
_QUOTED = re.compile(r"\\(.)", re.DOTALL)
_PIECE = re.compile(r"\\.|[^\\]", re.DOTALL)
_BARE = re.compile(r"[A-Za-z0-9._-]")
WILDCARDS = {"*", "?"}


@dataclass(frozen=True)
class Value:
    """
    One attribute, in the canonical spelling: a backslash before everything but letters, digits, `.`, `-`, `_` and
    wildcards, however the name was written (NISTIR 7695 §6.2).
    """

    written: str

    @classmethod
    def read(cls, field: str) -> Value:
        """The value of a field; needless backslashes go, missing ones come."""
        return cls("".join(_canonical(piece) for piece in _PIECE.findall(field)))

    @cached_property
    def plain(self) -> str:
        """Without the backslashes."""
        return _QUOTED.sub(r"\1", self.written)

    @cached_property
    def is_pattern(self) -> bool:
        """Whether it holds a `*` or `?` that no backslash quotes."""
        bare = _QUOTED.sub("", self.written)
        return "*" in bare or "?" in bare

    def matches(self, other: Value) -> bool:
        """
        Whether this value is `other` or a pattern that holds it (NISTIR 7696 §6.3, table 6-2).

        Nothing but `*` can be said to hold another pattern, or holds `-`.
        """
        if self.written in {other.written, "*"}:
            return True
        if other.is_pattern or not self.is_pattern or other.written == "-":
            return False
        return self._pattern.fullmatch(other.plain) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """NISTIR 7696 §6.3.2: `*` is any text, `?` one character or none."""
        wild = {"*": ".*", "?": ".?"}
        pieces = _PIECE.findall(self.written)
        text = "".join(wild.get(piece) or re.escape(_QUOTED.sub(r"\1", piece)) for piece in pieces)
        return re.compile(text, re.DOTALL)


@dataclass(frozen=True)
class Cpe:
    """A CPE name: its product, its version, and what narrows it."""

    part: Value
    vendor: Value
    product: Value
    version: Value
    """With its case, unlike all others."""
    update: Value
    narrowing: tuple[Value, ...]
    """edition, sw_edition, target_sw, target_hw, other: what can tell two products of one name apart."""

    @cached_property
    def product_key(self) -> tuple[str, str, str]:
        """Part, vendor and product in their canonical spelling."""
        return self.part.written, self.vendor.written, self.product.written

    @cached_property
    def product_is_pattern(self) -> bool:
        """Whether part, vendor or product holds a wildcard."""
        return self.part.is_pattern or self.vendor.is_pattern or self.product.is_pattern

    @property
    def states_version(self) -> bool:
        """Whether it has a version: `*` and `-` are none."""
        return self.version.written not in {"*", "-"}

    @property
    def states_update(self) -> bool:
        """Whether it has an update; `-` says that there is none."""
        return self.update.written not in {"*", "-", ""}

    @property
    def full_version(self) -> str:
        """The version in plain text, and behind a hyphen its update when there is one."""
        return f"{self.version.plain}-{self.update.plain}" if self.states_update else self.version.plain

    def names_product_of(self, other: Cpe) -> bool:
        """Whether `other` is of the product this name speaks of; only a pattern here stands for many."""
        if not self.product_is_pattern:
            return self.product_key == other.product_key
        mine, others = (self.part, self.vendor, self.product), (other.part, other.vendor, other.product)
        return all(one.matches(two) for one, two in zip(mine, others, strict=True))


@cache
def cpe(text: str) -> Cpe:
    """Read a formatted string. Raises ValueError when it is none."""
    fields = _FIELD.findall(text)
    if len(fields) != FIELDS or fields[:2] != ["cpe", "2.3"]:
        raise ValueError(text)
    part, vendor, product, edition, _language, *others = (
        Value.read(field.lower()) for field in [*fields[2:5], *fields[7:]]
    )
    version, update = Value.read(fields[5]), Value.read(fields[6].lower())
    return Cpe(
        part=part,
        vendor=vendor,
        product=product,
        version=version,
        update=update,
        narrowing=(edition, *others),
    )


def _canonical(piece: str) -> str:
    """A character of a field, perhaps with a backslash before it, as it should be spelled."""
    if _BARE.fullmatch(piece[-1]):
        return piece[-1]
    return piece if piece in WILDCARDS or len(piece) > 1 else f"\\{piece}"


def narrows(criterion: Cpe, stated: Cpe) -> bool | None:
    """
    Whether `stated` is of the edition and target that `criterion` speaks of; None when the inventory does not say.

    `-` in a criterion does not narrow; `*` or a pattern in an inventory is unknown.
    """
    answers = {_holds(wanted, found) for wanted, found in zip(criterion.narrowing, stated.narrowing, strict=True)}
    if False in answers:
        return False
    return None if None in answers else True


def _holds(wanted: Value, found: Value) -> bool | None:
    if wanted.written in {"*", "-"}:
        return True
    if found.is_pattern:
        return None
    return found.written != "-" and wanted.matches(found)
