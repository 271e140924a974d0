"""The sources: how old each is, when it is asked next, and having it asked."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postmarket.accounts.authority import may
from postmarket.accounts.permissions import Permission
from postmarket.errors import PostmarketError
from postmarket.monitoring.models import Feed
from postmarket.monitoring.queries.advisories import to_review
from postmarket.monitoring.queries.criteria import retired_now
from postmarket.monitoring.queries.feeds import Standing, runs, standings
from postmarket.monitoring.queries.watches import open_items
from postmarket.monitoring.services.feeds.schedules import CHOOSING, change_schedule, feed_row, run_now, switch_all_on
from postmarket.sources.interface import Source
from postmarket.sources.sync.interface import CSAF_PROVIDERS, OSV_ECOSYSTEMS
from postmarket.tasks import queries as queue
from postmarket.tasks.models import State
from postmarket.web import clock
from postmarket.web.asking import reader, say, signed_in_person
from postmarket.web.components.feedback import Work, WorkState, work
from postmarket.web.pages.feeds import words
from postmarket.web.pages.feeds.asking import said_on_the_page
from postmarket.web.pages.source_names import NAMES, name_of

RECENT = 8


class ScheduleForm(forms.Form):
    """Whether and how often a source is asked."""

    enabled = forms.BooleanField(label="Ask this source by itself", required=False)
    every_minutes = forms.IntegerField(label="Every so many minutes", min_value=15, max_value=10_080)
    choices = forms.CharField(
        label="Parts",
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text="One a line; empty: the usual.",
    )
    why = forms.CharField(label="Why", max_length=500)


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """Every source with its age, its last run and its next; what else waits from outside beside them."""
    person = reader(request)
    now = clock.now()
    found = standings(by=person, now=now)
    context = {
        "title": words.finding(found, now),
        "rows": [_row(one) for one in found],
        "any_on": any(one.feed.enabled for one in found),
        "all_on": all(one.feed.enabled for one in found),
        "may_run": may(person, Permission.FEEDS_RUN, on=None),
        "recent": [(run, name_of(run.source), *words.RUN_STATES[run.state]) for run in runs(by=person)[:RECENT]],  # type: ignore[index]
        "advisories": to_review(by=person).count(),
        "items": open_items(),
        "retired": retired_now(),
        "names": NAMES,
    }
    return render(request, "feeds/feeds.html", context)


@require_POST
def switch_on(request: HttpRequest) -> HttpResponse:
    """Switch every schedule on."""
    with said_on_the_page(request):
        on = switch_all_on(by=signed_in_person(request), why="Switched on from the page of feeds.", now=clock.now())
        messages.success(request, f"{len(on)} schedules are on. Each source is asked as soon as a worker is free.")
    return HttpResponseRedirect(reverse("feeds"))


@require_POST
def run(request: HttpRequest, source: str) -> HttpResponse:
    """Have one source asked now."""
    wanted = _source(source)
    with said_on_the_page(request):
        run_now(by=signed_in_person(request), source=wanted, now=clock.now())
        messages.success(request, f"{NAMES[wanted]} is asked as soon as a worker is free.")
    return HttpResponseRedirect(reverse("feeds"))


@require_safe
def progress(request: HttpRequest, source: str) -> HttpResponse:
    """How far a source's task is; when it has ended the page is loaded anew."""
    wanted = _source(source)
    found = next(one for one in standings(by=reader(request), now=clock.now()) if one.source is wanted)
    return HttpResponse(work(_work(found))) if found.task else HttpResponse(headers={"HX-Refresh": "true"})


@require_http_methods(["GET", "POST"])
def schedule(request: HttpRequest, source: str) -> HttpResponse:
    """When a source is asked, and which parts of it."""
    person = reader(request)
    wanted = _source(source)
    row = Feed.objects.filter(pk=wanted.value).first() or feed_row(wanted)
    initial = {"enabled": row.enabled, "every_minutes": row.every_minutes, "choices": "\n".join(row.choices)}
    form = ScheduleForm(request.POST or None, initial=initial)
    if wanted not in CHOOSING:
        del form.fields["choices"]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_schedule(
                by=person,
                source=wanted,
                enabled=given["enabled"],
                every_minutes=given["every_minutes"],
                choices=given.get("choices", "").splitlines(),
                why=given["why"],
                now=clock.now(),
            )
        except PostmarketError as error:
            if not may(person, Permission.FEEDS_RUN, on=None):
                raise
            say(form, error)
        else:
            messages.success(request, f"{NAMES[wanted]}: the schedule is saved.")
            return HttpResponseRedirect(reverse("feeds"))
    usual = {Source.OSV: OSV_ECOSYSTEMS, Source.CSAF: CSAF_PROVIDERS}.get(wanted, ())
    context = {
        "form": form,
        "row": row,
        "name": NAMES[wanted],
        "problem": words.sentence(row.problem),
        "how": words.interval(row.every_minutes),
        "usual": usual,
        "what": words.WHAT[wanted],
        "may_run": may(person, Permission.FEEDS_RUN, on=None),
    }
    return render(request, "feeds/schedule.html", context, status=400 if form.errors else 200)


def _row(one: Standing) -> dict[str, object]:
    """A source as its line on the page."""
    return {
        "one": one,
        "name": NAMES[one.source],
        "what": words.WHAT[one.source],
        "interval": words.interval(one.feed.every_minutes),
        "state": words.RUN_STATES.get(one.feed.last_run.state) if one.feed.last_run else None,  # type: ignore[call-overload]
        "work": _work(one) if one.task else None,
    }


def _work(one: Standing) -> Work:
    waits = one.task == State.WAITING
    alone = waits and not queue.alive(now=clock.now()).exists()
    return Work(
        what=f"Asking {NAMES[one.source]}",
        state=WorkState.WAITING if waits else WorkState.RUNNING,
        line="No worker runs that could do it. Start one: postmarket worker." if alone else one.progress,
        url=reverse("feed-progress", kwargs={"source": one.source.value}),
    )


def _source(name: str) -> Source:
    try:
        return Source(name)
    except ValueError:
        raise Http404 from None
