"""The builds of a version: which there are, whether each has an SBOM, and recording one."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from postmarket.accounts.authority import may, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import InventoryError
from postmarket.inventory.models import Build, DeviceVersion
from postmarket.inventory.queries.builds import builds_of
from postmarket.inventory.queries.versions import version as find_version
from postmarket.inventory.services.versions import add_build
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components.dates import said_time
from postmarket.web.components.tags import badge, unknown
from postmarket.web.components.text import plural
from postmarket.web.pages.sboms.forms import WhyForm
from postmarket.web.table import BoundTable, Column, Table

TYPED = "%Y-%m-%dT%H:%M"
AT = {"build": "label", "built at": "built_at", "SHA-256": "sha256", "sha256": "sha256"}
"""The field of the form at which a refusal of the service stands."""


class BuildForm(WhyForm):
    """One build."""

    label = forms.CharField(label="Build", max_length=200, help_text="As your build system calls it.")
    built_at = forms.DateTimeField(
        label="Built at",
        input_formats=[TYPED, f"{TYPED}:%S"],
        widget=forms.DateTimeInput(format=TYPED, attrs={"type": "datetime-local"}),
    )
    sha256 = forms.CharField(
        label="SHA-256 of what ships",
        required=False,
        max_length=80,
        help_text="With it an SBOM that names another file is seen not to belong.",
    )
    field_order = ("label", "built_at", "sha256", "why")


def _sbom(build: Build) -> str:
    return badge("safe", "Has an SBOM") if getattr(build, "has_sbom", False) else badge("soon", "Without an SBOM")


BUILDS = Table(
    name="builds",
    caption="Builds of the version",
    columns=(
        Column[Build](key="label", label="Build", order="label", heads=True, value=lambda one: one.label),
        Column[Build](
            key="built",
            label="Built",
            order="built_at",
            descends=True,
            value=lambda one: one.built_at,
            show=lambda one: said_time(one.built_at),
        ),
        Column[Build](
            key="sbom",
            label="SBOM",
            value=lambda one: "yes" if getattr(one, "has_sbom", False) else "no",
            show=_sbom,
        ),
        Column[Build](
            key="sha256",
            label="SHA-256",
            wide_only=True,
            value=lambda one: one.sha256 or None,
            show=lambda one: f"{one.sha256[:16]}…" if one.sha256 else unknown("not stated"),
        ),
    ),
    sort="-built",
    empty="sboms/no_builds.html",
)


@require_safe
def builds(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list, and the form for who may record one."""
    by, version = _version(request, pk)
    table = BUILDS.bind(request, builds_of(version))
    return table.export() or _page(request, by, version, BuildForm(), table)


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Record one; refused, what was typed stands there again."""
    by, version = _version(request, pk)
    require(by, Permission.SBOMS_UPLOAD, on=version.device.line)
    form = BuildForm(request.POST)
    if form.is_valid():
        try:
            made = add_build(by=by, version=version, now=clock.now(), **form.cleaned_data)
        except InventoryError as error:
            form.add_error(AT.get(error.where), error.reason())
        else:
            messages.success(request, f"{version} has build {made.label}.")
            return HttpResponseRedirect(reverse("version-builds", args=[version.pk]))
    return _page(request, by, version, form, BUILDS.bind(request, builds_of(version)))


def finding(version: str, found: Sequence[Build]) -> str:
    """The title: whether the newest build has an SBOM."""
    if not found:
        return f"No build of {version} is recorded."
    newest = found[0]
    if not getattr(newest, "has_sbom", False):
        return f"{version}: build {newest.label} is the newest, and has no SBOM."
    without = sum(not getattr(one, "has_sbom", False) for one in found)
    if without:
        return f"{version}: the newest build has an SBOM; {plural(without, 'earlier one has,earlier ones have')} none."
    return f"{version}: {'its build has' if len(found) == 1 else f'all {len(found)} builds have'} an SBOM."


def _version(request: HttpRequest, pk: int) -> tuple[Person, DeviceVersion]:
    """Who asks, and the version. Raises NotAllowed, and Http404 when it is not there or not theirs to see."""
    by = reader(request)
    row = find_version(by, pk, now=clock.now())
    if row is None:
        raise Http404
    return by, row.version


def _page(request: HttpRequest, by: Person, version: DeviceVersion, form: BuildForm, table: BoundTable) -> HttpResponse:
    context = {
        "version": version,
        "form": form,
        "table": table,
        "finding": finding(str(version), list(builds_of(version))),
        "records": may(by, Permission.SBOMS_UPLOAD, on=version.device.line),
    }
    return render(request, "sboms/builds.html", context, status=400 if form.errors else 200)
