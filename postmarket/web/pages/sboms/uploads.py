"""An SBOM comes in by hand, and components no SBOM lists."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST

from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import InventoryError
from postmarket.inventory.models import Component, DeviceVersion
from postmarket.inventory.queries.scope import readable
from postmarket.inventory.services.by_hand import HandComponent, add_component, remove_component
from postmarket.inventory.services.sboms.receiving import receive_sbom
from postmarket.sbom.interface import ComponentClass, SupportLevel
from postmarket.web import clock
from postmarket.web.asking import say, signed_in_person
from postmarket.web.pages.sboms.forms import ComponentForm, UploadForm, WhyForm


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; a small file is read before the answer, a large one shows how far it is."""
    by, version = _version(request, pk)
    form = UploadForm(request.POST or None, request.FILES or None, version=version)
    if form.is_valid():
        file: UploadedFile[bytes] = form.cleaned_data["file"]
        try:
            received = receive_sbom(
                by=by,
                version=version,
                content=b"".join(file.chunks()),
                file_name=file.name or "sbom",
                build=form.cleaned_data["build"],
                why=form.cleaned_data["why"],
                now=clock.now(),
                at_once=True,
            )
        except InventoryError as error:
            say(form, error)
        else:
            messages.success(request, received.words)
            return HttpResponseRedirect(reverse("sbom", args=[received.sbom.pk]))
    context = {"form": form, "version": version, "version_url": version_url(version)}
    return render(request, "sboms/upload.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A component by hand."""
    by, version = _version(request, pk)
    form = ComponentForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        given = HandComponent(
            name=data["name"],
            version=data["version"],
            supplier=data["supplier"],
            purl=data["purl"],
            cpes=(data["cpe"],) if data["cpe"] else (),
            kind=data["kind"],
            component_class=ComponentClass(data["component_class"]),
            support_level=SupportLevel(data["support_level"]),
            end_of_support=data["end_of_support"],
            note=data["note"],
        )
        try:
            made = add_component(by=by, version=version, given=given, why=data["why"], now=clock.now())
        except InventoryError as error:
            say(form, error)
        else:
            messages.success(request, f"{made} is part of {version}.")
            return HttpResponseRedirect(reverse("component", args=[made.identity_id]))
    context = {"form": form, "version": version, "version_url": version_url(version)}
    return render(request, "sboms/add_component.html", context, status=400 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a component entered by hand out again."""
    by = signed_in_person(request)
    require(by, Permission.SBOMS_UPLOAD, on=ANYWHERE)
    found = Component.objects.select_related("version__device__line", "identity").filter(
        readable(by, "version__device__line"), pk=pk
    )
    component = found.first()
    if component is None:
        raise Http404
    require(by, Permission.SBOMS_UPLOAD, on=component.version.device.line)
    back = HttpResponseRedirect(reverse("component", args=[component.identity_id]))
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was changed: say why.")
        return back
    remove_component(by=by, component=component, why=form.cleaned_data["why"], now=clock.now())
    messages.success(request, f"{component} is no longer part of {component.version}.")
    return back


def version_url(version: DeviceVersion) -> str:
    """The version's own page; empty where the site has none."""
    try:
        return reverse("device-version", kwargs={"pk": version.pk})
    except NoReverseMatch:
        return ""


def _version(request: HttpRequest, pk: int) -> tuple[Person, DeviceVersion]:
    """Who asks, and the version they may upload to. Raises NotAllowed."""
    by = signed_in_person(request)
    versions = DeviceVersion.objects.select_related("device__line").filter(pk=pk)
    version = versions.first()
    if version is None:
        raise Http404
    require(by, Permission.SBOMS_UPLOAD, on=version.device.line)
    return by, version
