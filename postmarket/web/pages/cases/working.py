"""What people do in a case: comments, tasks, files; and who may see a restricted one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from postmarket.accounts.authority import ANYWHERE, people_with
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.services.people import add_member, open_up, remove_member, restrict
from postmarket.cases.services.work import add_task, attach, comment, finish_task
from postmarket.web import clock
from postmarket.web.pages.cases.common import Act, act_in, case_for, given
from postmarket.web.pages.cases.forms import AttachForm, CommentForm, PersonForm, TaskForm, WhyForm, named

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BOTH = ["GET", "POST"]


@require_http_methods(BOTH)
def comment_add(request: HttpRequest, number: str) -> HttpResponse:
    """Say something."""
    by, case = case_for(request, number, Permission.CASES_WORK, whole=False)
    page = Act(
        heading="What do you want to say?",
        lead="Everybody who sees the case reads it. It stays as it was said.",
        button="Say it",
        done="It stands in the case.",
        causes=("Who watches the case is told.",),
        fragment="?open=comments#comments",
    )
    return act_in(
        request,
        case,
        CommentForm(request.POST or None),
        lambda data: comment(by=by, case=case, text=data["comment"], now=clock.now()),
        page,
    )


@require_http_methods(BOTH)
def task_add(request: HttpRequest, number: str) -> HttpResponse:
    """Something to do."""
    by, case = case_for(request, number, Permission.CASES_WORK, whole=False)
    if case.restricted:
        people = [row.person for row in case.members.select_related("person")]
    else:
        people = people_with(Permission.CASES_WORK, on=ANYWHERE)
    page = Act(
        heading="What is to be done, and by whom?",
        lead="It waits for them on their first page.",
        button="Give the task",
        done="The task is given.",
        causes=("They are told by mail.", "The case cannot be closed before it is done, or said not to be needed."),
        fragment="?open=tasks#tasks",
    )
    return act_in(
        request,
        case,
        TaskForm(request.POST or None, people=named(people), initial={"assignee": str(by.pk)}),
        lambda data: add_task(
            by=by,
            case=case,
            what=data["task"],
            assignee=Person.objects.get(pk=data["assignee"]),
            due_on=data["due_on"],
            now=clock.now(),
        ),
        page,
    )


@require_POST
def task_done(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It is done."""
    by, case = case_for(request, number, Permission.CONTENT_READ, whole=False)
    task = case.tasks.filter(pk=pk).first()
    if task is None:
        raise Http404
    finish_task(by=by, task=task, now=clock.now())
    messages.success(request, f"Done: {task.what}")
    return HttpResponseRedirect(reverse("case", args=[number]) + "?open=tasks#tasks")


@require_http_methods(BOTH)
def attachment_add(request: HttpRequest, number: str) -> HttpResponse:
    """A file of the case."""
    by, case = case_for(request, number, Permission.CASES_WORK, whole=False)
    page = Act(
        heading="Attach a file",
        lead="It is kept as evidence: never overwritten, known by its hash.",
        button="Attach it",
        done="The file is kept.",
        fragment="?open=files#files",
    )

    def keep(data: dict[str, object]) -> object:
        file = given(data["file"])  # type: ignore[arg-type]
        assert file is not None  # noqa: S101 - the form asks for it
        return attach(by=by, case=case, file=file, now=clock.now())

    return act_in(request, case, AttachForm(request.POST or None, request.FILES or None), keep, page)


@require_http_methods(BOTH)
def restricting(request: HttpRequest, number: str) -> HttpResponse:
    """Its members see it and nobody else; or everybody again."""
    by, case = case_for(request, number, Permission.CASES_RESTRICT)
    service = open_up if case.restricted else restrict
    page = Act(
        heading=f"{'Open up' if case.restricted else 'Restrict'} {case.number}?",
        lead="Everybody who may read its device lines sees it again."
        if case.restricted
        else "Its members see that it exists, and nobody else: in lists, search, counts, exports and calendars.",
        button="Open it up" if case.restricted else "Restrict it",
        done=f"{case.number} is {'seen by everybody again' if case.restricted else 'restricted'}.",
        causes=("It has no members any more.",)
        if case.restricted
        else ("First you and its owner are members.", "Who watches it and is no member is not told any more."),
    )
    return act_in(
        request,
        case,
        WhyForm(request.POST or None),
        lambda data: service(by=by, case=case, why=data["why"], now=clock.now()),
        page,
    )


@require_http_methods(BOTH)
def member_add(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody more may see it."""
    by, case = case_for(request, number, Permission.CASES_RESTRICT)
    known = set(case.members.values_list("person", flat=True))
    people = [one for one in people_with(Permission.RESTRICTED_MEMBER, on=ANYWHERE) if one.pk not in known]
    page = Act(
        heading=f"Who else may see {case.number}?",
        lead="A member sees everything in it.",
        button="Make them a member",
        done="They see the case now.",
        fragment="?open=members#members",
    )
    return act_in(
        request,
        case,
        PersonForm(request.POST or None, people=named(people)),
        lambda data: add_member(
            by=by, case=case, person=Person.objects.get(pk=data["person"]), why=data["why"], now=clock.now()
        ),
        page,
    )


@require_http_methods(BOTH)
def member_remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Somebody may not see it any more."""
    by, case = case_for(request, number, Permission.CASES_RESTRICT)
    row = case.members.filter(person=pk).select_related("person").first()
    if row is None:
        raise Http404
    page = Act(
        heading=f"Should {row.person.name} not see {case.number} any more?",
        lead="What they have seen they have seen.",
        button="Take them out",
        done=f"{row.person.name} does not see the case any more.",
        fragment="?open=members#members",
    )
    return act_in(
        request,
        case,
        WhyForm(request.POST or None),
        lambda data: remove_member(by=by, case=case, person=row.person, why=data["why"], now=clock.now()),
        page,
    )
