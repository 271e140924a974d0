"""Components across the portfolio, and one of them with everything that is known of it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from postmarket.accounts.authority import ANYWHERE, may, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import InventoryError
from postmarket.inventory.models import Component, ComponentIdentity, SupportStatement
from postmarket.inventory.queries.components import Seen, components, listings_of, unknown_components
from postmarket.inventory.queries.scope import readable
from postmarket.inventory.services.support import state_support
from postmarket.sbom.interface import SupportLevel
from postmarket.web import clock
from postmarket.web.asking import reader, say, signed_in_person
from postmarket.web.components.tags import Meaning, badge
from postmarket.web.components.text import plural
from postmarket.web.pages.sboms.forms import LEVELS, SupportForm, WhyForm
from postmarket.web.pages.sboms.uploads import version_url
from postmarket.web.table import Choice, Column, Search, Table

SEEN = {
    Seen.FOUND: (Meaning.HARM, "Something found"),
    Seen.CLEAR: (Meaning.SAFE, "Nothing found"),
    Seen.UNKNOWN: (Meaning.UNKNOWN, "No source knows it"),
}


def _named(row: ComponentIdentity) -> str:
    under = row.purl or (row.cpes[0] if row.cpes else "")
    return format_html(
        '<a href="{}">{} {}</a><div class="mono quiet small">{}</div>',
        reverse("component", args=[row.pk]),
        row.name,
        row.version,
        under,
    )


def _number(row: ComponentIdentity) -> int:
    return int(row.in_versions)  # type: ignore[attr-defined]


def _seen(row: ComponentIdentity) -> Seen:
    return Seen(row.seen)  # type: ignore[attr-defined]


COMPONENTS = Table(
    name="components",
    caption="Components of the portfolio",
    columns=(
        Column[ComponentIdentity](
            key="name", label="Component", heads=True, order="name version", value=lambda row: str(row), show=_named
        ),
        Column[ComponentIdentity](
            key="supplier", label="Supplier", order="supplier", value=lambda row: row.supplier or None, wide_only=True
        ),
        Column[ComponentIdentity](
            key="versions", label="In versions", numeric=True, descends=True, order="in_versions", value=_number
        ),
        Column[ComponentIdentity](
            key="seen",
            label="What can be said",
            order="seen",
            value=lambda row: SEEN[_seen(row)][1],
            show=lambda row: badge(*SEEN[_seen(row)]),
        ),
    ),
    filters=(
        Search(
            label="Find a component",
            narrow=lambda rows, words: rows.filter(
                Q(name__icontains=words) | Q(version__icontains=words) | Q(purl__icontains=words)
            ),
        ),
        Choice(
            key="seen",
            label="What can be said",
            options=tuple((seen.value, words) for seen, (_, words) in SEEN.items()),
            narrow=lambda rows, value: rows.filter(seen=value),
        ),
    ),
    empty="sboms/no_components.html",
)


@require_safe
def component_list(request: HttpRequest) -> HttpResponseBase:
    """Every identity once."""
    by = reader(request)
    found = components(by)
    table = COMPONENTS.bind(request, found)
    exported = table.export()
    if exported is not None:
        return exported
    total = found.count()
    unknown = unknown_components(by).count()
    return render(request, "sboms/components.html", {"table": table, "total": total, "unknown": unknown})


@require_safe
def component(request: HttpRequest, pk: int) -> HttpResponse:
    """One identity: which versions list it, how long it is supported, and who said so."""
    return _component(request, pk, SupportForm())


@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how long it is supported."""
    by, form = signed_in_person(request), SupportForm(request.POST)
    require(by, Permission.SUPPLIERS_EDIT, on=None)
    about = ComponentIdentity.objects.filter(pk=pk).first()
    if about is None:
        raise Http404
    if form.is_valid():
        data = form.cleaned_data
        try:
            state_support(
                by=by,
                about=about,
                every_version=data["about"] == "every",
                level=SupportLevel(data["level"]),
                ends_on=data["ends_on"],
                source=data["source"],
                justification=data["justification"],
                why=data["why"],
                now=clock.now(),
            )
        except InventoryError as error:
            say(form, error)
        else:
            messages.success(request, f"The support of {about} is on record.")
            return HttpResponseRedirect(reverse("component", args=[pk]))
    return _component(request, pk, form)


def _component(request: HttpRequest, pk: int, form: SupportForm) -> HttpResponse:
    by = reader(request)
    found = components(by).filter(pk=pk).first() or _once_listed(by, pk)
    if found is None:
        raise Http404
    listings = list(listings_of(by, found))
    context = {
        "component": found,
        "heading": _heading(found, len(listings)),
        "seen": SEEN[Seen(getattr(found, "seen", Seen.UNKNOWN.value))],
        "listings": [(row, version_url(row.version)) for row in listings],
        "by_hand": found.components.filter(readable(by, "version__device__line"), sbom=None, removed_at=None),
        "statements": SupportStatement.objects.select_related("stated_by").filter(
            Q(identity=found) | (Q(product=found.product, identity=None) & ~Q(product=""))
        ),
        "levels": {level.value: words for level, words in LEVELS.items()},
        "form": form,
        "why_form": WhyForm(),
        "states": may(by, Permission.SUPPLIERS_EDIT, on=None),
        "uploads": may(by, Permission.SBOMS_UPLOAD, on=ANYWHERE),
    }
    return render(request, "sboms/component.html", context, status=400 if form.errors else 200)


def _once_listed(by: Person, pk: int) -> ComponentIdentity | None:
    """One that a version `by` may read listed before."""
    seen = Component.objects.filter(readable(by, "version__device__line"), identity=pk).exists()
    return ComponentIdentity.objects.filter(pk=pk).first() if seen else None


def _heading(found: ComponentIdentity, versions: int) -> str:
    if not versions:
        return f"{found} is in no version any more."
    return f"{found} is in {plural(versions, 'version,versions')}."
