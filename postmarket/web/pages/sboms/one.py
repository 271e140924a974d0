"""One SBOM: what was read, how good it is, what it changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from postmarket.accounts.authority import ANYWHERE, may, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import WrongSbom
from postmarket.inventory.models import Sbom
from postmarket.inventory.queries.currency import about_another_of
from postmarket.inventory.queries.sboms import compare, earlier, history, quality, sboms
from postmarket.inventory.services.sboms.holding import set_aside, use_held
from postmarket.inventory.services.sboms.receiving import read_again, receive_again
from postmarket.inventory.words import SbomState
from postmarket.sbom.profiles import PROFILE_NAMES, load_profile
from postmarket.web import clock
from postmarket.web.asking import reader, signed_in_person
from postmarket.web.components.feedback import Work, WorkState
from postmarket.web.components.text import plural
from postmarket.web.pages.sboms.forms import WhyForm
from postmarket.web.pages.sboms.uploads import version_url

MOST_SHOWN = 200
"""Lines of a difference, or of a profile's findings, on the page."""


@require_safe
def sbom(request: HttpRequest, pk: int) -> HttpResponse:
    """The SBOM against the one before it, or the one `?against=` names; `?profile=` shows that one's findings."""
    by = reader(request)
    found = _find(request, pk)
    others = [one for one in history(by, found.version) if one.pk != pk and one.was_read]
    against = _against(request, found, others)
    difference = compare(against, found) if against is not None and found.was_read else None
    profile = request.GET.get("profile", "")
    report = quality(found, profile) if profile in PROFILE_NAMES and found.was_read else None
    context = {
        "sbom": found,
        "heading": heading(found),
        "work": _work(found),
        "qualities": [(row, load_profile(row.profile).title) for row in found.qualities.all()],
        "report": report,
        "findings": report.findings[:MOST_SHOWN] if report is not None else (),
        "against": against,
        "others": others,
        "difference": difference,
        "most": MOST_SHOWN,
        "version_url": version_url(found.version),
        "form": WhyForm(),
        "about": about_another_of(found) if found.is_current else "",
        "before": next(
            (one for one in others if one.received_at <= found.received_at and one.state == SbomState.READ.value), None
        ),
        "uploads": may(by, Permission.SBOMS_UPLOAD, on=found.version.device.line),
    }
    return render(request, "sboms/one.html", context)


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far its reading is; asked again by the page while it goes."""
    reader(request)
    return render(request, "sboms/progress.html", {"work": _work(_find(request, pk))})


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a refused one read once more."""
    by, found, why = _asked(request, pk)
    read_again(by=by, sbom=found, why=why, now=clock.now())
    return HttpResponseRedirect(reverse("sbom", args=[pk]))


@require_POST
def current_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an earlier one the version's current SBOM again; it leads to it as it came in anew."""
    by, found, why = _asked(request, pk)
    if not why:
        return _unsaid(request, pk)
    received = receive_again(by=by, sbom=found, why=why, now=clock.now())
    messages.success(request, received.words)
    return HttpResponseRedirect(reverse("sbom", args=[received.sbom.pk]))


@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """What becomes of a held one: `deed` is "use" or "aside"."""
    by, found, why = _asked(request, pk)
    if not why:
        return _unsaid(request, pk)
    decide = use_held if request.POST.get("deed") == "use" else set_aside
    try:
        messages.success(request, heading(decide(by=by, sbom=found, why=why, now=clock.now())))
    except WrongSbom as error:
        messages.error(request, error.line())
    return HttpResponseRedirect(reverse("sbom", args=[pk]))


def _asked(request: HttpRequest, pk: int) -> tuple[Person, Sbom, str]:
    """Who asks for a change, of which SBOM, and why ("" without a reason). Raises NotAllowed unless they may upload."""
    by, form = signed_in_person(request), WhyForm(request.POST)
    require(by, Permission.SBOMS_UPLOAD, on=ANYWHERE)
    found = _find(request, pk)
    require(by, Permission.SBOMS_UPLOAD, on=found.version.device.line)
    return by, found, form.cleaned_data["why"] if form.is_valid() else ""


def _unsaid(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, "Nothing was changed: say why.")
    return HttpResponseRedirect(reverse("sbom", args=[pk]))


def heading(found: Sbom) -> str:
    """What matters of it, in one sentence."""
    if found.state == SbomState.REFUSED.value:
        return f"{found.file_name} could not be read; {found.version} keeps the SBOM it had."
    if found.state == SbomState.RECEIVED.value:
        return f"{found.file_name} is kept and will be read."
    if found.waits:
        return f"Is this SBOM of {found.version}? It is held until somebody says so."
    if found.state == SbomState.SET_ASIDE.value:
        return f"{found.file_name} was set aside; {found.version} is not made of what it lists."
    what = plural(found.component_count, "component,components")
    if found.is_current:
        return f"{found.version} is made of the {what} this SBOM lists."
    return f"This SBOM listed {what}; a later one has taken its place."


def _find(request: HttpRequest, pk: int) -> Sbom:
    found = sboms(signed_in_person(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _against(request: HttpRequest, found: Sbom, others: list[Sbom]) -> Sbom | None:
    asked = request.GET.get("against", "")
    return next((one for one in others if str(one.pk) == asked), None) or earlier(found)


def _work(found: Sbom) -> Work | None:
    """Its reading, while it goes and when it failed."""
    what = f"Reading {found.file_name}"
    if found.state == SbomState.RECEIVED.value:
        url = reverse("sbom-progress", args=[found.pk])
        return Work(what=what, state=WorkState.WAITING, line="It is next in the queue.", url=url)
    if found.state == SbomState.REFUSED.value:
        return Work(what=what, state=WorkState.FAILED, total=1, unit="file", line=found.refused_why)
    line = f"{plural(found.component_count, 'component,components')}. Reload the page to see them."
    return Work(what=what, state=WorkState.DONE, done=1, total=1, unit="file", line=line)
