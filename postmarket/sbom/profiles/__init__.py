"""Quality profiles: which elements an SBOM must have, by whose rule. Data in TOML files beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from postmarket.sbom.errors import SbomError

PROFILE_NAMES = ("seed", "fda", "ntia", "cisa-2025-draft")
"""The profiles in this package, the article's first."""

AUTHORITIES = ("statute", "regulation", "FDA guidance (non-binding)", "standard", "article", "firm")
"""Whose rule it may be, in the words policy uses."""


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One element asked for.

    `subject`: whether the product the SBOM describes is asked too, not only its components.
    """

    id: str
    element: str
    title: str
    authority: str
    citation: str
    level: Literal["error", "warning"]
    fix: str
    subject: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A named list of rules; `note` says what it is and what it is not."""

    name: str
    title: str
    note: str
    rules: tuple[Rule, ...]


@cache
def load_profile(name: str) -> Profile:
    """The profile of that name. Raises SbomError, listing the names there are, for any other."""
    import tomllib

    if name not in PROFILE_NAMES:
        raise SbomError(
            "there is no such SBOM profile",
            where=name[:60],
            next_step=f"Use one of: {', '.join(PROFILE_NAMES)}.",
        )
    written = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))
    return Profile(
        name=name,
        title=written["title"],
        note=written["note"],
        rules=tuple(_rule(name, one) for one in written["rule"]),
    )


def _rule(profile: str, written: dict[str, Any]) -> Rule:
    return Rule(id=f"{profile}.{written['element']}", **written)
