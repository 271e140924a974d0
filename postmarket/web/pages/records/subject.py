"""What a subject is by the records, was on a day, and how it came to be."""

from __future__ import annotations

from datetime import date, datetime

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from postmarket.cases.queries.redactions import REDACTION, what
from postmarket.records.errors import RecordRefused
from postmarket.records.interface import Subject
from postmarket.records.models import Entry
from postmarket.records.queries import AsOf, as_of, end_of, signed_on
from postmarket.records.redactions import PrivateStanding, standings
from postmarket.web import clock
from postmarket.web.components.dates import in_words
from postmarket.web.components.text import plural
from postmarket.web.pages.records import words
from postmarket.web.pages.records.reading import readable, reader
from postmarket.web.pages.records.redaction import state as redaction_state
from postmarket.web.pages.records.tables import HISTORY, file_of

FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(9999, 12, 30)
MOST_SIGNATURES = 50


class OnForm(forms.Form):
    """Which day."""

    on = forms.DateField(
        label="As it was at the end of",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def clean_on(self) -> date | None:
        """A day the calendar of records has."""
        on: date | None = self.cleaned_data["on"]
        if on is not None and not FIRST_DAY <= on <= LAST_DAY:
            raise forms.ValidationError("Records begin in 1970.")
        return on


@require_safe
def subject(request: HttpRequest, kind: str, id: str) -> HttpResponseBase:
    """The state at the end of a day (now, when none is asked for), and every entry until then."""
    entries = readable(reader(request))
    try:
        of = Subject(kind, id)
    except RecordRefused as error:
        raise Http404 from error
    about = entries.filter(subject_kind=of.kind, subject_id=of.id)
    if not about.exists():
        raise Http404
    form = OnForm(request.GET if request.GET.get("on") else None)
    day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    until = clock.now() if day is None else end_of(day, zone=settings.SITE_TIME_ZONE)
    rows = about if day is None else about.filter(at__lte=until)
    file = file_of(request, HISTORY, rows)
    if file is not None:
        return file
    state = as_of(of, until)
    table = HISTORY.bind(request, rows)
    last = rows.order_by("-number").first()
    context = {
        "form": form,
        "day": day,
        "zone": settings.SITE_TIME_ZONE,
        "state": state,
        "fields": words.value_rows(state.snapshot) if state else [],
        "table": table,
        "title": _title(of, state, last, day=day, count=table.count),
        "plain": words.plain_words(of),
        "signatures": _signatures(of, until),
        "personal": _personal(of, state),
    }
    return render(request, "records/subject.html", context, status=400 if form.errors else 200)


def _title(of: Subject, state: AsOf | None, last: Entry | None, *, day: date | None, count: int) -> str:
    """The finding: what it was called then, whether it was there, and who touched it last."""
    plain = words.plain_words(of)
    name = state.snapshot.get("name") if state and state.snapshot else None
    called = f"{name} ({plain})" if isinstance(name, str) and name else plain.capitalize()
    when = "" if day is None else f"By the end of {in_words(day)}, "
    if last is None:
        return f"{when}nothing was recorded about {plain}."
    if state is not None and state.snapshot is None:
        return f"{when}{plain} was gone: entry {state.number:,} says so."
    times = plural(count, "entry speaks of it,entries speak of it")
    by = f"the last by {last.said.actor.name}, {in_words(last.at)}" if last.said else f"the last {in_words(last.at)}"
    sentence = f"{called}: {times}, {by}."
    return f"{when}{sentence}" if when else sentence


def _personal(of: Subject, state: AsOf | None) -> list[tuple[str, str, str, PrivateStanding]]:
    """The personal data that it is, or that its state names: whether each is there now, with its tombstone."""
    ids = [of.id] if of.kind == REDACTION else words.private_ids(state.snapshot if state else None)
    found = standings(ids)
    return [(*redaction_state(found[id_]), what(found[id_]), found[id_]) for id_ in ids if id_ in found]


def _signatures(of: Subject, until: datetime) -> list[dict[str, object]]:
    targets = signed_on(of).filter(signature__at__lte=until)[:MOST_SIGNATURES]
    return [
        {"target": target, "signature": target.signature, "url": words.subject_url(target.signature.subject)}
        for target in targets
    ]
