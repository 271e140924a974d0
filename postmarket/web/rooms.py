"""The rooms of the site, in the order of the navigation; one without a route yet is not shown."""

from __future__ import annotations

from django.http import HttpRequest

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.assessment.models import Incident
from postmarket.assessment.queries.incidents import NOT_OVER
from postmarket.cases.queries.listing import ENDED
from postmarket.cases.queries.visible import cases, visible_to
from postmarket.intake.queries.reports import waiting
from postmarket.inventory.queries.scope import readable
from postmarket.web.navigation import Item, Navigation, Section
from postmarket.web.pages.waiting import for_today, for_triage
from postmarket.web.permits import holds


def open_cases(request: HttpRequest) -> int:
    """How many cases that the person may see are open."""
    if not isinstance(request.user, Person):
        return 0
    return cases(request.user).exclude(state__in=[state.value for state in ENDED]).count()


def open_incidents(request: HttpRequest) -> int:
    """How many incidents that the person may see are not over."""
    if not isinstance(request.user, Person):
        return 0
    by = request.user
    return Incident.objects.filter(NOT_OVER, visible_to(by, "case"), readable(by, "version__device__line")).count()


def waiting_reports(request: HttpRequest) -> int:
    """How many reports wait to be acknowledged, or for a case."""
    return waiting(by=request.user) if isinstance(request.user, Person) else 0


ROOMS = (
    Item(label="Today", route="today", icon="home", phone=True, count=for_today, key="t"),
    Item(label="Triage", route="triage", icon="checklist", phone=True, count=for_triage, key="r"),
    Item(label="Cases", route="cases", icon="folder", phone=True, count=open_cases, key="x"),
    Item(label="Incidents", route="incidents", icon="building-hospital", count=open_incidents, key="i"),
    Item(label="Devices", route="devices", icon="heartbeat", section=Section.PORTFOLIO, phone=True, key="d"),
    Item(label="Vulnerabilities", route="vulnerabilities", icon="bug", section=Section.PORTFOLIO, key="v"),
    Item(label="Components", route="components", icon="packages", section=Section.PORTFOLIO, key="c"),
    Item(label="Suppliers", route="suppliers", icon="truck-delivery", section=Section.PORTFOLIO, key="s"),
    Item(
        label="Reports",
        route="reports",
        icon="message-report",
        section=Section.OUTSIDE,
        count=waiting_reports,
        key="e",
    ),
    Item(label="Feeds", route="feeds", icon="rss", section=Section.OUTSIDE, key="f"),
    Item(
        label="Records",
        route="records",
        icon="history",
        section=Section.PROOF,
        permit=holds(Permission.RECORDS_READ, on=None),
        key="h",
    ),
    Item(label="Policy", route="policy", icon="file-text", section=Section.PROOF, key="y"),
    Item(label="Tasks", route="tasks", icon="list-check", section=Section.ADMINISTRATION, key="k"),
    Item(
        label="People",
        route="people",
        icon="users",
        section=Section.ADMINISTRATION,
        permit=holds(Permission.PEOPLE_READ),
        key="p",
    ),
)


def furnish(navigation: Navigation) -> None:
    """Register every room."""
    for item in ROOMS:
        navigation.register(item)
