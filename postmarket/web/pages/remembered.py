"""
Figures over the whole portfolio, remembered until something changes (docs/adr/0090).

A stamp says what they were made from: where the chain of records ends (every act of a person and every run of a machine
leaves a record there) and how far the projection of findings is. Another stamp, and they are made anew; nothing has to
be told to forget.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from django.core.cache import cache
from django.db.models import Count, Max, Q

from postmarket.monitoring.models import ProjectionState, VersionState
from postmarket.records.models import Head

if TYPE_CHECKING:
    from postmarket.accounts.rules import Lines

KEPT_SECONDS: Final = 600
Made = TypeVar("Made")


def stamp() -> str:
    """What everything shown is made from, at this moment; three small queries."""
    head = Head.objects.order_by().values_list("chain", "number", "hash").first()
    projected = ProjectionState.objects.values_list("generation", "identity", "policy").first()
    judged = VersionState.objects.aggregate(due=Count("pk", filter=Q(due=True)), last=Max("judged_at"))
    chain = (head[0], head[1], bytes(head[2]).hex()) if head else None
    return repr((chain, projected, judged["due"], judged["last"]))


def remembered(name: str, at: str, held: Lines, make: Callable[[], Made], *also: object) -> Made:
    """
    What `make` gives, made once for each stamp `at`, for those who hold the same device lines.

    `also` are what else it depends on; `name` is unlike any other's.
    """
    who = "every" if held.every else sorted(held.ids)
    key = hashlib.sha256(repr((name, at, who, also)).encode()).hexdigest()
    found: Made | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEPT_SECONDS)
    return found
