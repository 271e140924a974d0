"""Cases that may have to do with one: about the same vulnerability, linked with it, or about the same devices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from postmarket.accounts.models import Person
from postmarket.cases.models import Case
from postmarket.cases.queries.listing import ENDED
from postmarket.cases.queries.visible import cases

MOST: Final = 6
"""Of each kind."""


@dataclass(frozen=True, slots=True)
class Near:
    """Another case, and `why` it may be meant."""

    case: Case
    why: str


def near(case: Case, *, by: Person) -> list[Near]:
    """Open cases that `by` may see, the nearest first, each once; three queries."""
    others = cases(by).exclude(pk=case.pk).exclude(state__in=[state.value for state in ENDED])
    found: dict[int, Near] = {}
    for why, rows in (
        ("about the same vulnerability", others.filter(lead=case.lead) if case.lead is not None else others.none()),
        ("linked with it", others.filter(Q(links__other=case) | Q(linked_from__case=case))),
        ("about the same device", _of_devices(others, case)),
    ):
        for one in rows.select_related("owner").distinct().order_by("-opened_at", "-pk")[:MOST]:
            found.setdefault(one.pk, Near(one, why))
    return list(found.values())


def _of_devices(others: QuerySet[Case], case: Case) -> QuerySet[Case]:
    devices = case.versions.filter(removed_at=None).values("version__device")
    return others.filter(versions__removed_at=None, versions__version__device__in=devices)
