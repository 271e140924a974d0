"""What would re-open what is signed: each premise that is kept and watched, with what it is now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.monitoring.rules.premises import premise_table
from postmarket.web.pages.cases.panels.assessed import open_again

if TYPE_CHECKING:
    from postmarket.assessment.rules.premises import Grounds
    from postmarket.web.pages.cases.panels.assessed import Assessed


@dataclass(frozen=True, slots=True)
class Premise:
    """What would change, and what stands now."""

    what: str
    now: str


def reopening(of: Assessed) -> list[Premise]:
    """Of the version that speaks for the case; nothing while nothing is signed for it, or it is open again already."""
    if of.leading is None or of.leading.standing is None or open_again(of.leading):
        return []
    grounds = of.leading.standing.signed_grounds
    credited = [one.name for one in of.leading.standing.says.controls if one.credited]
    return list(_premises(grounds, credited))


def _premises(grounds: Grounds, credited: list[str]) -> Iterator[Premise]:
    told = grounds.told
    if told is not None:
        yield Premise("another date in KEV", told.kev) if told.kev else Premise("a KEV entry", "not there")
        yield Premise("other news of exploits", told.exploit or "none known")
        yield Premise(f"EPSS from {(told.epss or 0.0) + premise_table().epss_jump:.2f}", _epss(told.epss))
        yield Premise("another score", told.score or "unknown")
        yield Premise("another name, or its withdrawal", "")
    yield Premise("other exploitation of our devices", grounds.exploitation or "not said")
    yield Premise("an SBOM with other components", ", ".join(grounds.components) or "none")
    for name in credited:
        yield Premise(f"{name} withdrawn", "credited")
    yield Premise("another policy", "")


def _epss(probability: float | None) -> str:
    return "unknown" if probability is None else f"{probability:.2f}"
