"""Suppliers' VEX: the list, taking one in, its report line by line, and withdrawing it."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from postmarket.accounts.authority import ANYWHERE, may, require
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.errors import NotPossible
from postmarket.monitoring.queries.supplier_vex import documents, may_receive, statements, unclear
from postmarket.monitoring.services.supplier_vex import receive_vex, withdraw_vex
from postmarket.web import clock
from postmarket.web.asking import reader, say, signed_in_person
from postmarket.web.pages.triage.filters import Filters
from postmarket.web.pages.vex import words
from postmarket.web.pages.vex.forms import ReceiveForm, WithdrawForm
from postmarket.web.pages.vex.tables import DOCUMENTS, LINES
from postmarket.worklist.interface import Lane, VexOutcome


@require_safe
def every(request: HttpRequest) -> HttpResponseBase:
    """Every document that came, with how much of it applies."""
    person = reader(request)
    rows = documents(by=person)
    table = DOCUMENTS.bind(request, rows)
    context = {
        "table": table,
        "finding": words.finding(rows.count(), unclear(by=person)),
        "receives": may_receive(person),
        "cleared": Filters(lane=Lane.SUPPLIER_NOT_AFFECTED).url(),
    }
    return table.export() or render(request, "vex/documents.html", context)


@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Take a document in; what became of each line is the page that follows."""
    person = signed_in_person(request)
    require(person, Permission.FINDINGS_TRIAGE, on=ANYWHERE)
    form = ReceiveForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file: UploadedFile[bytes] = form.cleaned_data["file"]
        document = receive_vex(
            by=person,
            content=b"".join(file.chunks()),
            file_name=file.name or "VEX",
            why=form.cleaned_data["why"],
            now=clock.now(),
        )
        if document.refused_why:
            messages.error(request, "It is kept as it came, and could not be read.")
        else:
            messages.success(request, "Each statement is held against the portfolio.")
        return HttpResponseRedirect(reverse("supplier-vex-one", kwargs={"pk": document.pk}))
    return render(request, "vex/receive.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One document, line by line."""
    person = reader(request)
    document = get_object_or_404(documents(by=person), pk=pk)
    table = LINES.bind(request, statements(by=person, document=document))
    counts = {outcome: getattr(document, outcome.value) for outcome in VexOutcome}
    context = {
        "document": document,
        "state": words.state(document),
        "finding": words.finding_of(document, counts),
        "counts": [(*words.OUTCOMES[outcome], counts[outcome]) for outcome in words.OUTCOMES],
        "table": table,
        "withdraws": may_receive(person) and document.withdrawn_at is None,
        "reads_records": may(person, Permission.RECORDS_READ, on=None),
    }
    return table.export() or render(request, "vex/document.html", context)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it count no longer, with a reason."""
    person = signed_in_person(request)
    require(person, Permission.FINDINGS_TRIAGE, on=ANYWHERE)
    document = get_object_or_404(documents(by=person), pk=pk)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            withdraw_vex(by=person, document=document, why=form.cleaned_data["why"], now=clock.now())
        except NotPossible as error:
            say(form, error)
        else:
            messages.success(
                request, f"{document.file_name} counts no longer; its findings are where matching puts them."
            )
            return HttpResponseRedirect(reverse("supplier-vex-one", kwargs={"pk": pk}))
    context = {"form": form, "document": document}
    return render(request, "vex/withdraw.html", context, status=400 if form.errors else 200)
