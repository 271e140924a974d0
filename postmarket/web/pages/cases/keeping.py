"""What is kept of a case and from whom: its embargo, who is told of it, and its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postmarket.accounts.permissions import Permission
from postmarket.cases.errors import InvalidCase
from postmarket.cases.queries.files import file_of, files_of
from postmarket.cases.services.people import unwatch, watch
from postmarket.cases.services.triage import set_embargo
from postmarket.records import evidence
from postmarket.web import clock
from postmarket.web.components import dates
from postmarket.web.components.text import counted_words
from postmarket.web.pages.cases.common import MEDIA_TYPE, Act, act_in, case_for, may_in
from postmarket.web.pages.cases.joining_forms import EmbargoForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


@require_http_methods(["GET", "POST"])
def embargo(request: HttpRequest, number: str) -> HttpResponse:
    """Until when nothing of it is published."""
    by, case = case_for(request, number, Permission.CASES_STEER)
    until = case.embargo_until
    page = Act(
        heading="Until when is nothing of it published?",
        lead="There is no embargo now." if until is None else f"Now it is under embargo until {dates.in_words(until)}.",
        button="Set the embargo",
        done="The embargo stands in the case.",
        causes=(
            "It stands at the head of the case, for everybody who sees it.",
            "No clock stands still for it: what the law or guidance asks for is due all the same.",
            "Who may see the case does not change: restrict it for that.",
        ),
    )
    return act_in(
        request,
        case,
        EmbargoForm(request.POST or None, initial={"embargo": None if until is None else dates.local(until)}),
        lambda data: set_embargo(by=by, case=case, until=data["embargo"], why=data["why"], now=clock.now()),
        page,
    )


@require_POST
def case_watch(request: HttpRequest, number: str) -> HttpResponse:
    """Be told of what happens in it."""
    by, case = case_for(request, number, Permission.CONTENT_READ, whole=False)
    watch(by=by, case=case)
    undo = reverse("case-unwatch", args=[case.number])
    messages.success(request, f"You are told by mail of what happens in {case.number}.", extra_tags=f"undo:{undo}")
    return HttpResponseRedirect(reverse("case", args=[case.number]))


@require_POST
def case_unwatch(request: HttpRequest, number: str) -> HttpResponse:
    """Not any more."""
    by, case = case_for(request, number, Permission.CONTENT_READ, whole=False)
    unwatch(by=by, case=case)
    undo = reverse("case-watch", args=[case.number])
    messages.success(request, f"You are not told of {case.number} any more.", extra_tags=f"undo:{undo}")
    return HttpResponseRedirect(reverse("case", args=[case.number]))


@require_safe
def case_files(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that is kept as evidence of it."""
    by, case = case_for(request, number, Permission.CONTENT_READ, whole=False)
    found = files_of(case)
    context = {
        "case": case,
        "files": found,
        "heading": f"{counted_words(len(found), 'file')} {'is' if len(found) < 2 else 'are'} kept of {case.number}.",
        "takes": may_in(by, Permission.CONTENT_EXPORT, case, whole=False),
    }
    return render(request, "cases/files.html", context)


@require_safe
def case_file(request: HttpRequest, number: str, sha256: str) -> HttpResponseBase:
    """One of its files as it came, to be saved and never shown: it may be an exploit."""
    _, case = case_for(request, number, Permission.CONTENT_EXPORT, whole=False)
    found = file_of(case, sha256)
    if found is None:
        raise Http404
    if not evidence.is_kept(sha256):
        raise InvalidCase(
            f"{found.name} is not in the evidence folder",
            where=sha256[:12],
            next_step="Run postmarket records verify, and restore the folder from a backup.",
        )
    named = content_disposition_header(as_attachment=True, filename=found.name)
    headers = {"Content-Disposition": named or "attachment", "Cache-Control": "no-store"}
    return StreamingHttpResponse(evidence.read(sha256), content_type=MEDIA_TYPE, headers=headers)
