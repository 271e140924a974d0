"""The trail, and whether its chain is whole."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.permissions import Permission
from postmarket.records.checking import standing
from postmarket.records.keys import FOLDER, PUBLIC
from postmarket.tasks import queries as queue
from postmarket.tasks.models import State, Task
from postmarket.tasks.upkeep import ask_for_check, check_under_way
from postmarket.web import clock
from postmarket.web.components.feedback import Work, WorkState, work
from postmarket.web.pages.records.reading import readable, reader
from postmarket.web.pages.records.tables import TRAIL, file_of
from postmarket.web.pages.records.verdict import verdict


@require_safe
def trail(request: HttpRequest) -> HttpResponseBase:
    """Every entry, newest first; filtered, sorted and exported as the address says; the chain's state above."""
    rows = readable(reader(request))
    file = file_of(request, TRAIL, rows)
    if file is not None:
        return file
    stands = standing()
    running = check_under_way()
    context = {
        "table": TRAIL.bind(request, rows),
        "standing": stands,
        "verdict": verdict(stands, now=clock.now()),
        "work": None if running is None else _work(running),
        "has_key": _public_key().is_file(),
    }
    return render(request, "records/trail.html", context)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Have the chain verified as soon as a worker is free."""
    person = reader(request)
    require(person, Permission.RECORDS_VERIFY, on=ANYWHERE)
    ask_for_check(by=person.name, now=clock.now())
    messages.success(request, "The chain is being verified.")
    return HttpResponseRedirect(reverse("records"))


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """How far verifying is, for the bar that asks again; when it has ended, the page is loaded anew."""
    reader(request)
    running = check_under_way()
    if running is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return HttpResponse(work(_work(running)))


@require_safe
def public_key(request: HttpRequest) -> HttpResponse:
    """The public half of the key that signs heads and anchors, as a file to give to an investigator."""
    reader(request)
    path = _public_key()
    if not path.is_file():
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{PUBLIC}"'}
    return HttpResponse(path.read_bytes(), content_type="application/x-pem-file", headers=headers)


def _public_key() -> Path:
    return Path(settings.POSTMARKET_HOME) / FOLDER / PUBLIC


def _work(task: Task) -> Work:
    waits = task.state == State.WAITING
    alone = waits and not queue.alive(now=clock.now()).exists()
    return Work(
        what="Verifying the chain",
        state=WorkState.WAITING if waits else WorkState.RUNNING,
        done=task.progress_done or 0,
        unit="entries",
        line="No worker runs that could do it. Start one: postmarket worker." if alone else "",
        url=reverse("records-progress"),
    )
