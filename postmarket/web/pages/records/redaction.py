"""Personal data that goes: asked by one person, confirmed and signed by another, with the tombstone it leaves."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from postmarket.accounts.authority import may, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.queries.redactions import REDACTION, redactions, visible_datum, what
from postmarket.cases.services.redacting import ask_redaction, begin_redaction, take_back_redaction
from postmarket.errors import PostmarketError
from postmarket.records import Subject
from postmarket.records.redactions import PrivateStanding
from postmarket.web import clock
from postmarket.web.asking import say
from postmarket.web.components.dates import said_time
from postmarket.web.components.tags import badge
from postmarket.web.components.text import counted_words
from postmarket.web.pages.accounts.sign import address_of
from postmarket.web.pages.records import words
from postmarket.web.pages.records.reading import reader
from postmarket.web.table import Choice, Column, Table


class WhyForm(forms.Form):
    """Why it should go, or stay."""

    why = forms.CharField(label="Why", max_length=1000, help_text="It stays in the records; name nobody in it.")


def kept_with(one: PrivateStanding) -> str:
    """What it was kept with, in words."""
    return "no subject" if one.about is None else words.plain_words(one.about)


def state(one: PrivateStanding) -> tuple[str, str]:
    """Whether it is there, as a colour and a word."""
    if one.size is None:
        return "plain", "Redacted"
    return ("act", "Waits for a second person") if one.proposal else ("safe", "Kept")


def _asked_by(one: PrivateStanding) -> str | None:
    if one.tombstone:
        return one.tombstone.proposed_by
    return one.proposal.by.name if one.proposal else None


def _linked(one: PrivateStanding) -> str:
    address = reverse("redaction", kwargs={"id": one.id})
    return format_html(
        '<a href="{}">{}</a><div class="small quiet">{}</div>', address, what(one).capitalize(), kept_with(one)
    )


REDACTIONS = Table(
    name="redactions",
    caption="Redactions",
    columns=(
        Column[PrivateStanding](key="what", label="What", heads=True, value=what, show=_linked),
        Column[PrivateStanding](key="with", label="Kept with", export_only=True, value=kept_with),
        Column[PrivateStanding](
            key="state", label="State", value=lambda one: state(one)[1], show=lambda one: badge(*state(one))
        ),
        Column[PrivateStanding](key="asked", label="Asked by", value=_asked_by),
        Column[PrivateStanding](
            key="done", label="Confirmed by", value=lambda one: one.tombstone.by if one.tombstone else "nobody yet"
        ),
        Column[PrivateStanding](
            key="at",
            label="When",
            descends=True,
            value=lambda one: one.tombstone.at if one.tombstone else one.proposal.at if one.proposal else None,
            show=lambda one: said_time(
                one.tombstone.at if one.tombstone else one.proposal.at if one.proposal else None
            ),
        ),
        Column[PrivateStanding](
            key="why",
            label="Why",
            wide_only=True,
            value=lambda one: (
                one.tombstone.proposed_why if one.tombstone else one.proposal.why if one.proposal else None
            ),
        ),
        Column[PrivateStanding](key="id", label="Private datum", export_only=True, value=lambda one: one.id),
    ),
    filters=(
        Choice(
            key="state",
            label="State",
            options=(("asked", "Waits for a second person"), ("redacted", "Redacted")),
            narrow=lambda rows, value: [one for one in rows if (one.size is None) is (value == "redacted")],
        ),
    ),
    sort="-at",
    empty="records/no_redactions.html",
)


@require_safe
def every(request: HttpRequest) -> HttpResponseBase:
    """What is asked to go, and what is gone."""
    person = reader(request)
    rows = redactions(by=person)
    table = REDACTIONS.bind(request, rows)
    waiting = [one for one in rows if one.proposal is not None]
    context = {"table": table, "finding": _finding(person, waiting, len(rows))}
    return table.export() or render(request, "records/redactions.html", context)


@require_safe
def one(request: HttpRequest, id: str) -> HttpResponse:
    """A private datum: what it is, whether it is there, and the next step of redacting it."""
    return _page(request, id, WhyForm())


@require_http_methods(["POST"])
def ask(request: HttpRequest, id: str) -> HttpResponse:
    """The first person asks for it to go."""
    form = WhyForm(request.POST)
    person = _redactor(request)
    if form.is_valid():
        try:
            ask_redaction(by=person, id=id, why=form.cleaned_data["why"], now=clock.now())
        except PostmarketError as error:
            say(form, error)
        else:
            messages.success(request, "Asked. Nothing is removed before somebody else confirms it.")
            return HttpResponseRedirect(reverse("redaction", kwargs={"id": id}))
    return _page(request, id, form)


@require_http_methods(["POST"])
def take_back(request: HttpRequest, id: str) -> HttpResponse:
    """It stays."""
    form = WhyForm(request.POST)
    person = _redactor(request)
    if form.is_valid():
        try:
            take_back_redaction(by=person, id=id, why=form.cleaned_data["why"], now=clock.now())
        except PostmarketError as error:
            say(form, error)
        else:
            messages.success(request, "It stays. That it was asked for stays in the records too.")
            return HttpResponseRedirect(reverse("redaction", kwargs={"id": id}))
    return _page(request, id, form)


@require_http_methods(["POST"])
def confirm(request: HttpRequest, id: str) -> HttpResponse:
    """The second person goes on to sign it."""
    form = WhyForm(request.POST)
    person = _redactor(request)
    if form.is_valid():
        back = reverse("redaction", kwargs={"id": id})
        try:
            ceremony = begin_redaction(by=person, id=id, why=form.cleaned_data["why"], back_to=back, now=clock.now())
        except PostmarketError as error:
            say(form, error)
        else:
            return HttpResponseRedirect(address_of(ceremony))
    return _page(request, id, form)


def _redactor(request: HttpRequest) -> Person:
    person = reader(request)
    require(person, Permission.RECORDS_REDACT, on=None)
    return person


def _page(request: HttpRequest, id: str, form: WhyForm) -> HttpResponse:
    person = reader(request)
    found = visible_datum(by=person, id=id)
    redacts = may(person, Permission.RECORDS_REDACT, on=None)
    context = {
        "one": found,
        "what": what(found),
        "kept_with": kept_with(found),
        "about_url": "" if found.about is None else words.subject_url(found.about),
        "report": found.about.id if found.about is not None and found.about.kind == "report" else "",
        "history": words.subject_url(Subject(REDACTION, found.id)),
        "state": state(found),
        "redacts": redacts,
        "own": found.proposal is not None and found.proposal.by.id == person.actor.id,
        "signs": redacts and may(person, Permission.SIGN, on=None),
        "form": form,
    }
    return render(request, "records/redaction.html", context, status=400 if form.errors else 200)


def _finding(person: Person, waiting: list[PrivateStanding], count: int) -> str:
    """The title of the list: what waits for who looks, else what waits for somebody."""
    mine = [one for one in waiting if one.proposal is not None and one.proposal.by.id != person.actor.id]
    if mine and may(person, Permission.RECORDS_REDACT, on=None):
        return f"{counted_words(len(mine), 'redaction')} {'waits' if len(mine) == 1 else 'wait'} for your confirmation."
    if waiting:
        verb = "waits" if len(waiting) == 1 else "wait"
        return f"{counted_words(len(waiting), 'redaction')} {verb} for a second person."
    return "No redaction waits." if count else "Nothing was ever redacted."
