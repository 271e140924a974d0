"""The firm's limits for the inventory, as data with its citation (policy.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from postmarket.policy.interface import Authority, Citation


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of calendar days, and whose rule it is."""

    days: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Limits:
    """How old an SBOM and a supplier's review may be, and how far ahead ends of support are shown."""

    sbom_age: Limit
    supplier_review: Limit
    support_forecast: Limit


@cache
def limits() -> Limits:
    """The limits that come with postmarket."""
    written = tomllib.loads(files(__package__).joinpath("policy.toml").read_text("utf-8"))
    return Limits(**{name: _limit(one) for name, one in written.items()})


def _limit(written: dict[str, Any]) -> Limit:
    return Limit(int(written["days"]), Citation(Authority(written["authority"]), written["text"]))
