"""What these pages share: who asks, a form whose refusal stands at its field, and the page of one act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from postmarket.accounts.authority import may
from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.permissions import Permission
from postmarket.cases.errors import CaseNotFound
from postmarket.cases.models import Case
from postmarket.cases.queries.case import find_case
from postmarket.cases.services.holding import allow, lines_of
from postmarket.errors import PostmarketError
from postmarket.intake.errors import ReportNotFound
from postmarket.intake.services.reports import File
from postmarket.web.asking import reader

if TYPE_CHECKING:
    from django import forms
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from postmarket.accounts.models import Person

Made = TypeVar("Made")
MEDIA_TYPE = "application/octet-stream"


def case_for(request: HttpRequest, number: str, permission: Permission, *, whole: bool = True) -> tuple[Person, Case]:
    """Who asks, and the case, for an act that takes the permission. Raises CaseNotFound, NotAllowed."""
    by = reader(request)
    case = find_case(number, by=by)
    allow(by, permission, case, whole=whole)
    return by, case


def may_in(by: Person, permission: Permission, case: Case, *, whole: bool = True) -> bool:
    """Whether they may do this in the case: for every one of its device lines, or for one with `whole` False."""
    judged = [may(by, permission, on=line) for line in lines_of(case)]
    return all(judged) if whole else any(judged)


def attempt(form: forms.Form, write: Callable[[dict[str, Any]], Made]) -> Made | None:
    """
    What `write` made of a valid form; None when the form or the service refuses, which then stands at its field.

    What is not allowed or not there is raised on: it is no slip in a form.
    """
    if not form.is_valid():
        return None
    try:
        return write(form.cleaned_data)
    except (NotAllowed, CaseNotFound, ReportNotFound):
        raise
    except PostmarketError as error:
        field = error.where.lower().replace(" ", "_").replace("-", "_")
        known = field if field in form.fields else None
        where = "" if known or not error.where else f"{error.where}: "
        form.add_error(known, f"{where}{error.reason()}")
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """
    The page of one act in a case: its title as a question or a finding, what it will cause, and its one button.

    `shown` are lines that help to answer; `done` is said once it is done; `fragment` is where on the case's page.
    `follows` leads to the case that came of it instead.
    """

    heading: str
    lead: str
    button: str
    done: str
    causes: Sequence[str] = ()
    shown: Sequence[str] = ()
    fragment: str = ""
    follows: bool = False


def act_in(
    request: HttpRequest, case: Case, form: forms.Form, write: Callable[[dict[str, Any]], object], page: Act
) -> HttpResponse:
    """The form of an act; done, it leads back to the case, and says so there."""
    back = reverse("case", args=[case.number]) + page.fragment
    made = attempt(form, write)
    if made is not None:
        messages.success(request, page.done)
        if page.follows and isinstance(made, Case):
            return HttpResponseRedirect(reverse("case", args=[made.number]))
        return HttpResponseRedirect(back)
    context = {"form": form, "case": case, "page": page, "back": back}
    return render(request, "cases/act.html", context, status=400 if form.errors else 200)


def given(file: UploadedFile[bytes] | None) -> File | None:
    """A file somebody chose in a form."""
    if file is None:
        return None
    return File(file.name or "file", b"".join(file.chunks()), file.content_type or MEDIA_TYPE)
