"""How this site counts clocks: the policy in force, its time zone, and whether it leaves holidays out."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from django.conf import settings

from postmarket.cases.rules.plan import Counting
from postmarket.monitoring.policy import pack_in_force
from postmarket.policy.interface import Authority, Citation
from postmarket.policy.pack import Pack


@dataclass(frozen=True, slots=True)
class Warnings:
    """How long before a clock ends people are told, the longest first, and whose rule that is."""

    before: tuple[timedelta, ...]
    citation: Citation


def counting(pack: Pack | None = None) -> Counting:
    """How this site counts under `pack`, the policy in force when none is given."""
    return Counting(
        pack=pack or pack_in_force(),
        zone=ZoneInfo(settings.SITE_TIME_ZONE),
        conservative=settings.CONSERVATIVE_CLOCKS,
    )


def stamp(how: Counting) -> str:
    """What tells this way of counting from every other."""
    return f"{how.pack.digest} {how.zone.key}{' conservative' if how.conservative else ''}"


@cache
def warnings() -> Warnings:
    """The firm's warning times that come with postmarket (warnings.toml)."""
    written = tomllib.loads(files(__package__).joinpath("warnings.toml").read_text("utf-8"))
    hours = sorted((int(one) for one in written["hours_before"]), reverse=True)
    return Warnings(
        tuple(timedelta(hours=one) for one in hours), Citation(Authority(written["authority"]), written["text"])
    )
