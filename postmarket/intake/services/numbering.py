"""Numbers without gaps: a number is given in the transaction of what it names, and goes back with it."""

from __future__ import annotations

from datetime import datetime

from postmarket.intake.models import Counter
from postmarket.inventory.days import site_day


def next_number(series: str, *, now: datetime) -> str:
    """
    The next number of a series in the year it is at the site, such as PSIRT-2026-0041. Call inside a transaction.

    Who else wants one waits until that transaction ends: two never get the same, and what is undone leaves no gap.
    """
    year = site_day(now).year
    Counter.objects.get_or_create(series=series, year=year)
    counter = Counter.objects.select_for_update().get(series=series, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{series}-{year}-{counter.last:04d}"
