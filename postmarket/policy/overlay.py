"""A firm's own rows over the packs: each signed, none lowering what only both leads may lower."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import msgspec

from postmarket.policy import tables
from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import Authority, Citation, ClinicalRole, Clock, ClockUnit, Criticality
from postmarket.policy.toml_files import parse, read_bytes
from postmarket.scoring.interface import ExploitabilityThresholds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime
    from pathlib import Path

FIRST_ZONE = timedelta(hours=14)
"""How far the first time zone is ahead of UTC: a date that is today there may be signed today."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A firm's file as read: where it stood, what it says, its bytes."""

    path: str
    file: tables.OverlayFile
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        return hashlib.sha256(self.content).hexdigest()

    def in_effect(self, now: datetime) -> bool:
        """Whether the day it takes effect has begun at `now`, counted in UTC."""
        return self.file.effective <= now.astimezone(UTC).date()


def read_overlay(path: Path, *, now: datetime) -> Overlay:
    """
    A firm's own policy file; docs/policy.md shows one. `now` has a time zone.

    Raises PolicyError with file and place for a file that cannot be read, is no TOML, has a field nobody knows, or
    a row without who signed it, when and why, or one signed on a day that has not begun anywhere.
    """
    today = (now.astimezone(UTC) + FIRST_ZONE).date()
    content = read_bytes(path)
    file = parse(content, tables.OverlayFile, name=str(path))
    for place, row in _signed(file):
        for name in ("signed_by", "reason"):
            if not getattr(row, name).strip():
                raise _refused(str(path), f"{place}.{name}", "it is blank", "Say who signed the row and why.")
        if row.signed_on > today:
            raise _refused(str(path), f"{place}.signed_on", _in_the_future(row.signed_on, now), "Correct the date.")
    return Overlay(str(path), file, content)


def _in_the_future(signed_on: date, now: datetime) -> str:
    return f"{signed_on} is in the future (now it is {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"


def fold(name: str) -> str:
    """A device type's name as it is compared: case, `_`, `-` and repeated blanks make no difference."""
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def device_types(overlays: Iterable[Overlay]) -> dict[str, tables.DeviceTypeRow]:
    """
    The firm's device types by folded name, later files over earlier ones.

    Raises PolicyError for a type given twice in one file, and for one of the article's own types.
    """
    own = {fold(member.value) for member in Criticality}
    found: dict[str, tables.DeviceTypeRow] = {}
    for overlay in overlays:
        here: set[str] = set()
        for index, row in enumerate(overlay.file.device_type):
            name, place = fold(row.name), f"device_type[{index}].name"
            if not name or name in own:
                raise _refused(overlay.path, place, f"“{row.name}” is not the firm's to define", "Choose another name.")
            if name in here:
                raise _refused(overlay.path, place, f"“{row.name}” is given twice", "Keep one of the rows.")
            here.add(name)
            found[name] = row
    return found


def raised_weights(table: tables.PriorityTable, overlays: Iterable[Overlay]) -> tables.PriorityTable:
    """
    `table` with the firm's heavier role weights.

    Raises PolicyError for a lighter one: clinical risk may be raised freely, but lowered only with both leads'
    signatures, which a file cannot carry.
    """
    weights = dict(table.role_weight)
    for overlay in overlays:
        for index, row in enumerate(overlay.file.clinical_role):
            role = ClinicalRole(row.role)
            if row.weight < weights[role]:
                why = f"{row.weight} would lower the weight of “{row.role}” from {weights[role]}"
                step = "Raise it or leave it; lowering needs both leads' signatures on a case."
                raise _refused(overlay.path, f"clinical_role[{index}].weight", why, step)
            weights[role] = row.weight
    return msgspec.structs.replace(table, role_weight=weights)


def thresholds(table: tables.ThresholdsTable, overlays: Iterable[Overlay]) -> ExploitabilityThresholds:
    """The limits for exploitability, the firm's over the pack's. Raises PolicyError when high lies below medium."""
    medium, high, path = table.epss_medium, table.epss_high, ""
    for overlay in overlays:
        for row in overlay.file.threshold:
            path = overlay.path
            if row.name == "epss_medium":
                medium = row.value
            else:
                high = row.value
    if high is not None and high < medium:
        why = f"epss_high {high} lies below epss_medium {medium}"
        raise _refused(path, "threshold", why, "Let epss_high be the larger one.")
    return ExploitabilityThresholds(epss_medium=medium, epss_high=high)


def own_clocks(clocks: Mapping[str, Clock], overlays: Iterable[Overlay]) -> dict[str, Clock]:
    """
    `clocks` with the firm's own figures.

    Raises PolicyError for a clock given twice in one file, and for one that is not there, has no figure, or is not the
    firm's: the dates of the article and of the law are kept to the letter; a firm that wants to be earlier plans so.
    """
    found = dict(clocks)
    for overlay in overlays:
        here: set[str] = set()
        for index, row in enumerate(overlay.file.clock):
            place, known = f"clock[{index}].id", found.get(row.id)
            if row.id in here:
                raise _refused(overlay.path, place, f"“{row.id}” is given twice", "Keep one of the rows.")
            here.add(row.id)
            if known is None:
                step = f"Use one of: {', '.join(name for name, one in found.items() if _is_firms(one))}."
                raise _refused(overlay.path, place, f"there is no clock “{row.id}”", step)
            if not _is_firms(known):
                whose = f"“{row.id}” is not the firm's to set: {known.citation.authority}"
                raise _refused(overlay.path, place, whose, "Leave it out.")
            found[row.id] = msgspec.structs.replace(
                known,
                limit=row.limit,
                target=None,
                words=_within(row.limit, known.unit),
                effective=overlay.file.effective,
                citation=Citation(Authority.FIRM, row.citation, known.citation.flags),
            )
    return found


def _is_firms(clock: Clock) -> bool:
    return clock.citation.authority is Authority.FIRM and clock.limit is not None


def _within(limit: int, unit: ClockUnit) -> str:
    name = unit.value.removeprefix("calendar ")
    return f"within {limit} {name.removesuffix('s') if limit == 1 else name}"


def _signed(file: tables.OverlayFile) -> Iterator[tuple[str, tables.Signed]]:
    groups: tuple[tuple[str, tuple[tables.Signed, ...]], ...] = (
        ("device_type", file.device_type),
        ("clinical_role", file.clinical_role),
        ("threshold", file.threshold),
        ("clock", file.clock),
    )
    for name, rows in groups:
        for index, row in enumerate(rows):
            yield f"{name}[{index}]", row


def _refused(path: str, place: str, why: str, next_step: str) -> PolicyError:
    return PolicyError("the firm's policy is refused", where=f"{path}: {place}", why=why, next_step=next_step)
