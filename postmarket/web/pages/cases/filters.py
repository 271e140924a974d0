"""What cases are narrowed to, the same above the list, the board and the vulnerabilities."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q

from postmarket.accounts.models import Person
from postmarket.cases.models import Case, CaseVersion
from postmarket.cases.queries.clocks import driving
from postmarket.cases.queries.listing import ENDED, Cases
from postmarket.cases.queries.visible import cases as visible
from postmarket.inventory.models import Device
from postmarket.inventory.queries.scope import readable

Options = tuple[tuple[str, str], ...]
"""As (value in the address, words)."""


def owners(by: Person) -> Options:
    """Who owns a case that they may see."""
    found = Person.objects.filter(pk__in=visible(by).values("owner")).order_by("name", "pk")
    return tuple((str(one.pk), "Me" if one.pk == by.pk else one.name) for one in found)


def devices(by: Person) -> Options:
    """The devices that cases they may see are about."""
    seen = visible(by).values("pk")
    found = Device.objects.filter(readable(by), versions__cases__case__in=seen).order_by("name", "pk")
    return tuple((str(one.pk), one.name) for one in found.distinct())


def found(rows: Cases, text: str) -> Cases:
    """Those with these words in number, title, vulnerability or a report's number."""
    query = rows.query
    for word in text.split():
        reported = Case.objects.filter(reports__report__number__icontains=word).values("pk")
        query = query.filter(
            Q(number__icontains=word) | Q(title__icontains=word) | Q(vulnerability__icontains=word) | Q(pk__in=reported)
        )
    return replace(rows, query=query)


def in_state(rows: Cases, value: str) -> Cases:
    """Those in a state, or all that are open."""
    ended = [state.value for state in ENDED]
    if value == "open":
        return replace(rows, query=rows.query.exclude(state__in=ended))
    return replace(rows, query=rows.query.filter(state=value))


def of_owner(rows: Cases, value: str) -> Cases:
    """Those that somebody owns."""
    return replace(rows, query=rows.query.filter(owner=int(value)))


def late(rows: Cases, value: str) -> Cases:
    """Those with a clock that has passed ("yes"), or without."""
    ended = driving(rows.now).filter(until__lte=rows.now).values("case")
    return replace(rows, query=rows.query.filter(pk__in=ended) if value == "yes" else rows.query.exclude(pk__in=ended))


def on_device(rows: Cases, value: str) -> Cases:
    """Those about a device."""
    there = CaseVersion.objects.filter(removed_at=None, version__device=int(value)).values("case")
    return replace(rows, query=rows.query.filter(pk__in=there))
