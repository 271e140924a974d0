"""CPE 2.3 formatted strings, as far as the walk needs them (NISTIR 7695 §6.2, 7696 §6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

FIELDS = 13
_FIELD = re.compile(r"(?:^|:)((?:\\.|[^:\\])*)", re.DOTALL)
_QUOTED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Value:
    """One attribute as written: backslashes kept, lower case."""

    written: str

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
        """Whether this value, patterns included, is or holds `other`, which is taken as plain text."""
        if not self.is_pattern:
            return self.plain == other.plain
        return self._pattern.fullmatch(other.plain) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """NISTIR 7696 §6.3.2: `*` is any text, `?` one character or none."""
        wild = {"*": ".*", "?": ".?"}
        pieces = re.findall(r"\\.|[^\\]", self.written, re.DOTALL)
        text = "".join(wild.get(piece) or re.escape(_QUOTED.sub(r"\1", piece)) for piece in pieces)
        return re.compile(text, re.DOTALL)


@dataclass(frozen=True)
class Cpe:
    """A CPE name: its product, its version, and what narrows it."""

    part: Value
    vendor: Value
    product: Value
    version: str
    """Without backslashes, case kept; `*` and `-` as they stand."""
    full_version: str
    """The version, and behind a hyphen its update when there is one."""
    narrowing: tuple[Value, ...]
    """edition, sw_edition, target_sw, target_hw, other: what can tell two products of one name apart."""

    @cached_property
    def product_key(self) -> tuple[str, str, str]:
        """Part, vendor and product as plain text."""
        return self.part.plain, self.vendor.plain, self.product.plain

    @cached_property
    def product_is_pattern(self) -> bool:
        """Whether part, vendor or product holds a wildcard."""
        return self.part.is_pattern or self.vendor.is_pattern or self.product.is_pattern

    def names_product_of(self, other: Cpe) -> bool:
        """Whether `other` is of the product this name speaks of."""
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
    _, _, part, vendor, product, _, _, edition, _language, *others = [Value(field.lower()) for field in fields]
    version, update = (_QUOTED.sub(r"\1", field) for field in fields[5:7])
    return Cpe(
        part=part,
        vendor=vendor,
        product=product,
        version=version,
        full_version=version if update in {"*", "-", ""} else f"{version}-{update}",
        narrowing=(edition, *others),
    )


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
