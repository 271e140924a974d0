"""The queue for people, and what they decide of a task that failed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from postmarket.accounts.authority import may
from postmarket.accounts.permissions import Permission
from postmarket.accounts.services.parked_tasks import drop_task, retry_task
from postmarket.tasks import queries
from postmarket.tasks.models import Task
from postmarket.web import clock
from postmarket.web.asking import reader, signed_in_person
from postmarket.web.components.feedback import work as work_html
from postmarket.web.pages.tasks import findings
from postmarket.web.pages.tasks.tables import TASKS

MOST_SHOWN = 20


@require_safe
def tasks(request: HttpRequest) -> HttpResponseBase:
    """What runs, what waits for a person and why, the workers, and every task of the last 30 days."""
    person = reader(request)
    now = clock.now()
    table = TASKS.bind(request, Task.objects.all())
    counts = queries.counts(now=now)
    workers = list(queries.alive(now=now))
    return table.export() or render(
        request,
        "tasks/tasks.html",
        {
            "title": findings.title(counts, workers=len(workers)),
            "counts": counts,
            "workers": workers,
            "running": [findings.work(task) for task in queries.running()[:MOST_SHOWN]],
            "parked": queries.parked()[:MOST_SHOWN],
            "may_decide": may(person, Permission.SETTINGS_EDIT, on=None),
            "table": table,
        },
    )


@require_safe
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far one task is: the bar anew."""
    reader(request)
    task = Task.objects.filter(pk=number).first()
    if task is None:
        raise Http404
    return HttpResponse(work_html(findings.work(task)))


@require_POST
def retry(request: HttpRequest, number: int) -> HttpResponse:
    """Run a parked task again."""
    retry_task(by=signed_in_person(request), number=number, why=request.POST.get("why", ""), now=clock.now())
    messages.success(request, "The task waits for its turn again, with all its attempts.")
    return HttpResponseRedirect(reverse("tasks"))


@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a parked task need not run."""
    drop_task(by=signed_in_person(request), number=number, why=request.POST.get("why", ""), now=clock.now())
    messages.success(request, "The task is dropped. It stays readable here for 30 days, and in the records.")
    return HttpResponseRedirect(reverse("tasks"))
