"""What is done on the page: parts saved, revisions begun, proposed, taken back, and put before a lead to sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.views.decorators.http import require_POST
from msgspec.structs import replace

from postmarket.accounts.authority import require
from postmarket.accounts.errors import NotAllowed
from postmarket.assessment.errors import ChangedMeanwhile, NotFound
from postmarket.assessment.models import Assessment
from postmarket.assessment.queries.assessments import PERMISSIONS, visible
from postmarket.assessment.queries.scores import side_by_side
from postmarket.assessment.rules.content import Content
from postmarket.assessment.rules.parts import Part
from postmarket.assessment.services.drafting import begin_assessment, propose_to_siblings, withdraw_assessment
from postmarket.assessment.services.signing_off import begin_sign_off
from postmarket.assessment.services.unchanged import unchanged
from postmarket.assessment.services.writing import resolve, say_privacy_only, set_harm, set_scoring
from postmarket.cases.errors import CaseNotFound
from postmarket.errors import PostmarketError
from postmarket.records.queries import history
from postmarket.web.components.dates import in_words
from postmarket.web.components.text import plural
from postmarket.web.pages.accounts.sign import address_of
from postmarket.web.pages.assessment import harm, rubric
from postmarket.web.pages.assessment.answer import answer_of
from postmarket.web.pages.assessment.page import Refused, opened_before, show
from postmarket.web.pages.assessment.resolving import ResolveForm
from postmarket.web.pages.assessment.scores import ScoresForm, bases_of
from postmarket.web.pages.assessment.signatures import SignForm
from postmarket.web.pages.assessment.subject import LONGEST_NUMBER, Subject, subject_of, writer_of
from postmarket.web.pages.assessment.words import SIGNS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LEADS = {slug: lead for lead, slug in SIGNS.items()}
Write = Callable[[Assessment], object]


@require_POST
def save_harm(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What could happen to whom."""
    subject = writer_of(request, number, pk)
    found = harm.scenario_forms(subject, _content(subject), request.POST)
    return _save(
        request,
        subject,
        Part.HARM,
        lambda row: set_harm(by=subject.by, assessment=row, harm=harm.scenarios(found), now=subject.now),
        forms={"harm_forms": found},
        valid=all(form.is_valid() for form in found),
    )


@require_POST
def save_privacy(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """That only data can leak, and why it cannot alter the device."""
    subject = writer_of(request, number, pk)
    form = harm.PrivacyForm(request.POST, auto_id="privacy_%s")
    return _save(
        request,
        subject,
        Part.HARM,
        lambda row: say_privacy_only(
            by=subject.by, assessment=row, statement=form.cleaned_data["statement"], now=subject.now
        ),
        forms={"privacy_form": form},
        valid=form.is_valid(),
    )


@require_POST
def save_scores(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Our CVSS 4.0 vector; the rubric's answers stay."""
    subject = writer_of(request, number, pk)
    row = Assessment(case=subject.case, version=subject.version) if subject.shown is None else subject.shown.assessment
    form = ScoresForm(request.POST, scoring=_content(subject).scoring, bases=bases_of(side_by_side(row)))
    return _save(
        request,
        subject,
        Part.SCORES,
        lambda row: set_scoring(
            by=subject.by, assessment=row, scoring=form.said(row.says.scoring.answers), now=subject.now
        ),
        forms={"scores_form": form},
        valid=form.is_valid(),
    )


@require_POST
def save_rubric(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The rubric's answers; our CVSS 4.0 vector stays."""
    subject = writer_of(request, number, pk)
    form = rubric.RubricForm(request.POST, scoring=_content(subject).scoring)

    def write(row: Assessment) -> object:
        scoring = replace(row.says.scoring, answers=form.said)
        return set_scoring(by=subject.by, assessment=row, scoring=scoring, now=subject.now)

    return _save(request, subject, Part.RUBRIC, write, forms={"rubric_form": form}, valid=form.is_valid())


@require_POST
def save_resolution(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """How the leads resolve a clinical review, or that they raise what the matrix says."""
    subject = writer_of(request, number, pk)
    form = ResolveForm(request.POST, auto_id="resolve_%s")
    return _save(
        request,
        subject,
        Part.RESOLUTION,
        lambda row: resolve(
            by=subject.by,
            assessment=row,
            determination=form.said,
            rationale=form.cleaned_data["rationale"],
            now=subject.now,
        ),
        forms={"resolve_form": form},
        valid=form.is_valid(),
    )


@require_POST
def begin(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Begin a revision: with what stands, or as a proposal with what a sibling has."""
    subject = writer_of(request, number, pk)
    row = begin_assessment(by=subject.by, case=subject.case, version=subject.version, now=subject.now)
    origin = row.origin if row.is_inherited else None
    of = f", a copy of {origin.version}. Check it, and change what differs" if origin is not None else ""
    messages.success(request, f"Revision {row.revision} is begun{of}.")
    return HttpResponseRedirect(subject.address())


@require_POST
def propose(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Propose what is written to the sibling versions that nobody has assessed by hand."""
    subject = writer_of(request, number, pk)
    if subject.written is None:
        raise NotFound("Nothing is written that could be proposed", next_step="Begin a revision first.")
    made = propose_to_siblings(by=subject.by, assessment=subject.written.assessment, now=subject.now)
    messages.success(request, f"Proposed to {plural(len(made), 'version')}; it is in effect when signed for them.")
    return HttpResponseRedirect(subject.address(opened=["siblings"], fragment="siblings"))


@require_POST
def withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take back what is written, with a reason."""
    subject = writer_of(request, number, pk)
    if subject.written is None:
        raise NotFound("Nothing is written that could be taken back", next_step="Look at the revisions.")
    row = subject.written.assessment
    try:
        withdraw_assessment(by=subject.by, assessment=row, why=request.POST.get("why", ""), now=subject.now)
    except PostmarketError as error:
        if isinstance(error, NotAllowed):
            raise
        return show(request, subject, told=error.reason(), status=400)
    messages.success(request, f"Revision {row.revision} is taken back; it stays to be read.")
    return HttpResponseRedirect(subject.address())


@require_POST
def sign(request: HttpRequest, number: str, pk: int, lead: str) -> HttpResponse:
    """Put one revision, or a list over sibling versions, before a lead: all of it is signed, or nothing."""
    if lead not in LEADS:
        raise Http404
    subject = subject_of(request, number, pk)
    require(subject.by, PERMISSIONS[LEADS[lead]], on=subject.version.device.line)
    form = SignForm(request.POST)
    keys = [int(one) for one in request.POST.getlist("assessment") if _is_key(one)]
    try:
        if not form.is_valid():
            return show(request, subject, told="Say why you sign.", status=400)
        ceremony = begin_sign_off(
            by=subject.by,
            lead=LEADS[lead],
            assessments=list(visible(subject.by).filter(case=subject.case, pk__in=keys)),
            why=form.cleaned_data["why"],
            back_to=subject.address(opened=["signatures"]),
            now=subject.now,
        )
    except PostmarketError as error:
        if isinstance(error, NotAllowed):
            raise
        return show(request, subject, told=error.reason(), status=400)
    return HttpResponseRedirect(address_of(ceremony))


def _save(
    request: HttpRequest, subject: Subject, part: Part, write: Write, *, forms: dict[str, Any], valid: bool
) -> HttpResponse:
    """Write one part, unless somebody was faster; what was filled in stays when it is refused."""
    was = request.POST.get("seen", "")
    if not valid:
        return _refuse(request, subject, Refused(part, forms, "Not saved: look at what is marked.", seen=was))
    try:
        with unchanged(
            by=subject.by,
            case=subject.case,
            version=subject.version,
            revision=_revision(request, subject),
            part=part,
            was=was,
            now=subject.now,
        ) as row:
            write(row)
    except (NotAllowed, CaseNotFound):
        raise
    except ChangedMeanwhile as error:
        now = subject_of(request, subject.case.number, subject.version.pk)
        return _refuse(request, now, Refused(part, forms, f"Not saved. {error.reason()}", _who(now)), status=409)
    except PostmarketError as error:
        return _refuse(request, subject, Refused(part, forms, f"Not saved. {error.reason()}", seen=was))
    after = subject_of(request, subject.case.number, subject.version.pk)
    answer = "" if after.shown is None else f" {answer_of(after.shown).word}: {answer_of(after.shown).line}."
    messages.success(request, f"Saved.{answer}")
    opened = list(dict.fromkeys([*opened_before(request), part.value]))
    return HttpResponseRedirect(after.address(opened=opened, fragment=part.value))


def _refuse(request: HttpRequest, subject: Subject, refused: Refused, *, status: int = 400) -> HttpResponse:
    """As a whole page; htmx takes the part out of it, also of what was refused (422)."""
    return show(request, subject, refused, status=422 if request.headers.get("HX-Request") else status)


def _revision(request: HttpRequest, subject: Subject) -> Assessment | None:
    """The revision that the form was for; None when there was none yet. Raises NotFound."""
    said = request.POST.get("revision", "")
    if not said:
        return None
    rows = visible(subject.by).filter(case=subject.case, version=subject.version)
    found = rows.filter(pk=int(said)).first() if _is_key(said) else None
    if found is None:
        raise NotFound("There is no such revision", next_step="Reload the page.")
    return found


def _who(subject: Subject) -> str:
    """Who changed it last, and when."""
    if subject.written is None:
        return ""
    steps = list(history(subject.written.assessment))
    return f"{steps[-1].said.actor.name}, {in_words(steps[-1].said.at)}" if steps else ""


def _content(subject: Subject) -> Content:
    return Content() if subject.written is None else subject.written.content


def _is_key(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) <= 2 * LONGEST_NUMBER
