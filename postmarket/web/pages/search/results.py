"""What a search finds, by kind; each kind says how many more there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse

from postmarket.inventory.models import ComponentIdentity, Device, DeviceVersion, Supplier
from postmarket.inventory.queries.scope import readable
from postmarket.monitoring.errors import NotFound
from postmarket.monitoring.queries.vulnerability import facts_of_ours
from postmarket.monitoring.queries.vulnerability import vulnerability as everything_of
from postmarket.web.components.text import plural
from postmarket.web.pages.search.kinds import MOST, Hit, Kind, more
from postmarket.web.pages.search.work import cases, customers, incidents, reports

if TYPE_CHECKING:
    from postmarket.accounts.models import Person

LONGEST: Final = 200
SHORTEST: Final = 2


def results(text: str, *, by: Person) -> list[Kind]:
    """What `text` finds among what `by` may read; kinds with nothing are left out."""
    kinds = (
        cases(text, by),
        incidents(text, by),
        reports(text, by),
        _vulnerabilities(text, by),
        _devices(text, by),
        _versions(text, by),
        _components(text, by),
        customers(text, by),
        _suppliers(text),
    )
    return [kind for kind in kinds if kind.hits]


def _vulnerabilities(text: str, by: Person) -> Kind:
    found = facts_of_ours().filter(Q(name__icontains=text) | Q(aliases__icontains=text) | Q(summary__icontains=text))
    hits = [Hit(one.name, one.summary, reverse("vulnerability", args=[one.name]), mono=True) for one in found[:MOST]]
    if not hits:
        return Kind("Vulnerabilities", _elsewhere(text, by))
    return Kind("Vulnerabilities", hits, more(found, hits))


def _elsewhere(text: str, by: Person) -> list[Hit]:
    """A vulnerability that a source knows under this name, and that hits nothing of ours."""
    try:
        name = everything_of(text, by=by).vulnerability.name
    except NotFound:
        return []
    said = "Known, and in nothing of yours that could be identified."
    return [Hit(name, said, reverse("vulnerability", args=[name]), mono=True)]


def _devices(text: str, by: Person) -> Kind:
    found = (
        Device.objects.filter(readable(by))
        .filter(
            Q(name__icontains=text)
            | Q(model_numbers__icontains=text)
            | Q(product_code__iexact=text)
            | Q(udi_dis__di__iexact=text)
        )
        .distinct()
    )
    hits = [
        Hit(one.name, f"{one.device_type} device. {one.intended_use}".strip(), _url("device", one.pk))
        for one in found[:MOST]
    ]
    return Kind("Devices", hits, more(found, hits))


def _versions(text: str, by: Person) -> Kind:
    found = DeviceVersion.objects.filter(readable(by, "device__line")).select_related("device")
    for word in text.split():
        found = found.filter(Q(device__name__icontains=word) | Q(label__istartswith=word))
    hits = [Hit(str(one), f"{one.state}", reverse("device-version", args=[one.pk])) for one in found[:MOST]]
    return Kind("Device versions", hits, more(found, hits))


def _components(text: str, by: Person) -> Kind:
    mine = Q(listings__version__in=DeviceVersion.objects.filter(readable(by, "device__line")))
    found = (
        ComponentIdentity.objects.filter(
            Q(name__icontains=text) | Q(purl__icontains=text) | Q(cpes__icontains=text) | Q(supplier__icontains=text),
            mine,
        )
        .annotate(versions=Count("listings", distinct=True))
        .order_by("name", "version", "pk")
    )
    hits = [
        Hit(
            str(one),
            f"{one.purl or ', '.join(one.cpes) or 'no purl, no CPE'} · in {plural(one.versions, 'device version')}",
            reverse("component", args=[one.pk]),
        )
        for one in found[:MOST]
    ]
    return Kind("Components", hits, more(found, hits))


def _suppliers(text: str) -> Kind:
    found = Supplier.objects.filter(Q(name__icontains=text) | Q(names__folded__icontains=text.casefold())).distinct()
    hits = [
        Hit(one.name, one.security_contact or "No security contact known", _url("supplier", one.pk))
        for one in found[:MOST]
    ]
    return Kind("Suppliers", hits, more(found, hits))


def _url(route: str, pk: int) -> str:
    try:
        return reverse(route, args=[pk])
    except NoReverseMatch:
        return ""
