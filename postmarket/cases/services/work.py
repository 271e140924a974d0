"""What people do in a case: comments, tasks and files."""

from __future__ import annotations

from datetime import date, datetime

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.errors import CaseNotFound, InvalidCase
from postmarket.cases.models import Attachment, Case, Comment, Task
from postmarket.cases.notices import send, tell_watchers
from postmarket.cases.queries.visible import visible_to
from postmarket.cases.services.holding import allow, held, words
from postmarket.cases.services.opening import check_owner
from postmarket.cases.snapshots import task_snapshot
from postmarket.intake.services.reports import File
from postmarket.records import act
from postmarket.records import evidence as evidence_kept

LONGEST_LINE = 300
LONGEST_NAME = 200


def comment(*, by: Person, case: Case, text: str, now: datetime) -> Comment:
    """Say something; it stays as it was said. Raises CaseNotFound, NotAllowed, InvalidCase."""
    said = words("comment", text)
    with act(actor=by.actor, at=now, why="Commented.") as doing:
        case = held(case, by=by, permission=Permission.CASES_WORK, whole=False, ended=True)
        row = Comment.objects.create(case=case, by=by, at=now, text=said)
        doing.note("case.commented", subject=case, detail={"comment": row.pk, "text": said})
        tell_watchers(case, "has a new comment", by=by, now=now)
    return row


def add_task(*, by: Person, case: Case, what: str, assignee: Person, due_on: date | None, now: datetime) -> Task:
    """
    Something to do, by whom, by which day at the site (None: no day).

    Raises CaseNotFound, NotAllowed, InvalidCase, also for an assignee who may not see the case.
    """
    said = words("task", " ".join(what.split()), most=LONGEST_LINE)
    with act(actor=by.actor, at=now, why=said) as doing:
        case = held(case, by=by, permission=Permission.CASES_WORK, whole=False)
        who = check_owner(assignee)
        if not Case.objects.filter(visible_to(who), pk=case.pk).exists():
            raise InvalidCase(
                f"{who.name} may not see this case",
                where="assignee",
                next_step="Make them a member first." if case.restricted else "Choose somebody of its device lines.",
            )
        row = Task.objects.create(case=case, what=said, assignee=who, due_on=due_on, made_at=now)
        doing.note("case-task.added", subject=row, before=None, after=task_snapshot(row))
        if who.pk != by.pk:
            text = "It is on your list.\n" if case.restricted else f"{said}\n"
            send([who], subject=f"{case.number}: a task for you", text=text, now=now)
    return row


def finish_task(*, by: Person, task: Task, why: str = "", now: datetime) -> Task:
    """
    It is done, or not needed: `why` says which. Its assignee may, and who works on the case.

    Raises CaseNotFound, NotAllowed, InvalidCase for one that is done already.
    """
    with act(actor=by.actor, at=now, why=why.strip() or "Done.") as doing:
        row = Task.objects.select_for_update(of=("self",)).select_related("case").filter(pk=task.pk).first()
        if row is None or not Case.objects.filter(visible_to(by), pk=row.case_id).exists():
            raise CaseNotFound("There is no such task", next_step="Look at the list again.")
        if row.assignee_id != by.pk:
            allow(by, Permission.CASES_WORK, row.case, whole=False)
        if row.done_at is not None:
            raise InvalidCase("This task is done already", where=row.what, next_step="There is nothing to do.")
        before = task_snapshot(row)
        row.done_at, row.done_by = now, by
        row.save(update_fields=["done_at", "done_by"])
        doing.note("case-task.done", subject=row, before=before, after=task_snapshot(row))
    return row


def attach(*, by: Person, case: Case, file: File, why: str = "", now: datetime) -> Attachment:
    """A file of the case, kept as evidence. Raises CaseNotFound, NotAllowed, InvalidCase."""
    name = words("file name", " ".join(file.name.split()), most=LONGEST_NAME)
    with act(actor=by.actor, at=now, why=why.strip() or f"Attached {name}.") as doing:
        case = held(case, by=by, permission=Permission.CASES_WORK, whole=False, ended=True)
        kept = evidence_kept.keep(
            doing, file.content, media_type=file.media_type, source=f"attached to {case.number}: {name}", about=case
        )
        row = Attachment.objects.create(case=case, evidence=kept, name=name, added_by=by, added_at=now)
        doing.note("case.file-added", subject=case, detail={"name": name, "evidence": kept.sha256})
    return row
