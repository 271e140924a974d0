"""What a search finds of the work: cases, incidents, reports and customers, each only as far as `by` may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from postmarket.assessment.queries.incidents import incidents as incidents_seen
from postmarket.assessment.queries.incidents import speaks_of, standing_of
from postmarket.cases.models import Case
from postmarket.cases.queries.visible import cases as cases_seen
from postmarket.cases.words import CaseState
from postmarket.intake.queries.reports import reports as reports_seen
from postmarket.intake.words import ReportState
from postmarket.inventory.models import Customer, FieldedUnits
from postmarket.inventory.queries.scope import readable
from postmarket.web.pages.cases.words import STATES
from postmarket.web.pages.incidents.common import address_of
from postmarket.web.pages.incidents.words import STANDINGS
from postmarket.web.pages.reports.words import REPORT_STATES
from postmarket.web.pages.search.kinds import MOST, Hit, Kind, more

if TYPE_CHECKING:
    from postmarket.accounts.models import Person


def cases(text: str, by: Person) -> Kind:
    """By number, title, vulnerability or a report's number, every word of `text`; the newest first."""
    found = cases_seen(by)
    for word in text.split():
        reported = Case.objects.filter(reports__report__number__icontains=word).values("pk")
        found = found.filter(
            Q(number__icontains=word) | Q(title__icontains=word) | Q(vulnerability__icontains=word) | Q(pk__in=reported)
        )
    found = found.order_by("-opened_at", "-pk")
    hits = [
        Hit(
            one.title,
            _under(one.number, one.vulnerability or "from a report", STATES[CaseState(one.state)]),
            reverse("case", args=[one.number]),
        )
        for one in found[:MOST]
    ]
    return Kind("Cases", hits, more(found, hits))


def incidents(text: str, by: Person) -> Kind:
    """By number, site, device, what is seen there, or a unit's UDI, every word of `text`."""
    found = incidents_seen(by)
    for word in text.split():
        found = found.filter(speaks_of(word))
    hits = [
        Hit(
            f"{one.version} at {one.site.name}",
            _under(one.number, STANDINGS[standing_of(one)][0], one.what),
            address_of(one),
        )
        for one in found[:MOST]
    ]
    return Kind("Incidents", hits, more(found, hits))


def reports(text: str, by: Person) -> Kind:
    """By number, title, organisation or the vulnerability it names, every word of `text`; the newest first."""
    found = reports_seen(by=by)
    for word in text.split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(organisation__icontains=word)
            | Q(vulnerability__icontains=word)
        )
    hits = [
        Hit(
            one.title,
            _under(one.number, one.organisation, REPORT_STATES[ReportState(one.state)][0]),
            reverse("report", args=[one.number]),
        )
        for one in found[:MOST]
    ]
    return Kind("Reports", hits, more(found, hits))


def customers(text: str, by: Person) -> Kind:
    """By name; who has nothing that `by` may read is not there, as on the page of customers."""
    held = FieldedUnits.objects.filter(readable(by, "version__device__line"), units__gt=0).values("customer")
    found = Customer.objects.filter(pk__in=held, name__icontains=text).order_by("name", "pk")
    hits = [
        Hit(one.name, "Has units of ours in the field.", reverse("customer", args=[one.pk])) for one in found[:MOST]
    ]
    return Kind("Customers", hits, more(found, hits))


def _under(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
