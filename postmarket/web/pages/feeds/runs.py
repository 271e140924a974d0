"""The history of runs, and one run with all that was asked and came."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.feed_words import FeedRunState
from postmarket.monitoring.queries.feeds import refusals, runs
from postmarket.records import evidence
from postmarket.web.asking import reader
from postmarket.web.pages.feeds import words
from postmarket.web.pages.feeds.tables.runs import RUNS
from postmarket.web.pages.source_names import name_of


@require_safe
def history(request: HttpRequest) -> HttpResponseBase:
    """Every run, newest first."""
    person = reader(request)
    table = RUNS.bind(request, runs(by=person))
    return table.export() or render(request, "feeds/runs.html", {"table": table})


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One run: addresses, files with their hashes, what was refused, and how long it took."""
    run = get_object_or_404(runs(by=reader(request)), pk=pk)
    took = None if run.finished_at is None else (run.finished_at - run.started_at).total_seconds()
    context = {
        "run": run,
        "title": words.run_finding(run),
        "problem": words.sentence(run.problem),
        "name": name_of(run.source),
        "state": words.RUN_STATES[FeedRunState(run.state)],
        "trigger": words.TRIGGERS[run.trigger],  # type: ignore[index]
        "asks": list(run.asks.all()),
        "refused": refusals(run),
        "seconds": took,
    }
    return render(request, "feeds/run.html", context)


@require_safe
def log(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The log of a run, as it is kept: what the trail holds the hash of."""
    person = reader(request)
    require(person, Permission.CONTENT_EXPORT, on=ANYWHERE)
    run = get_object_or_404(runs(by=person), pk=pk)
    if run.log_id is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{run.source}-run-{run.pk}.jsonl"'}
    return StreamingHttpResponse(evidence.read(run.log_id), content_type="application/jsonl", headers=headers)
