"""The page: the answer and the one next question on top, then every part of the assessment, folded to one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from postmarket.accounts.permissions import Permission
from postmarket.assessment.models import Assessment
from postmarket.assessment.queries.scores import SideBySide, side_by_side
from postmarket.assessment.queries.worked import work_out
from postmarket.assessment.rules.content import Content
from postmarket.assessment.rules.exploitability import Judged
from postmarket.assessment.rules.parts import Part, seen
from postmarket.assessment.rules.pathway import missing, sentence
from postmarket.assessment.words import AssessmentState
from postmarket.policy.interface import Determination
from postmarket.web.pages.assessment import harm, resolving, rubric, scores
from postmarket.web.pages.assessment import siblings as of_siblings
from postmarket.web.pages.assessment.answer import Answer, answer_of, columns, matrix, tags, title
from postmarket.web.pages.assessment.next_step import Next, lacking, next_of, pathway_url
from postmarket.web.pages.assessment.signatures import SignForm, leads
from postmarket.web.pages.assessment.signatures import line as signed_line
from postmarket.web.pages.assessment.subject import Subject, subject_of
from postmarket.web.pages.assessment.words import LEVELS, STATES
from postmarket.web.pages.cases.common import may_in
from postmarket.web.pages.cases.words import DETERMINATIONS
from postmarket.web.pages.pathway.drawn import drawn

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ALWAYS: Final = (
    "says",
    "verdict",
    "answer",
    "next",
    "exploitability",
    "signatures",
    "siblings",
    "revisions",
)
"""What every save brings up to date, beside the part that was saved; nothing in them is typed."""


@dataclass(frozen=True, slots=True)
class Refused:
    """
    A save that was not kept: the part, its forms as they were filled in, and why.

    `changed` and what the part says now are shown beside them when somebody was faster. Otherwise `seen` is what the
    forms were filled in over, so that the next save is not taken for one over what somebody wrote meanwhile.
    """

    part: Part
    forms: Any
    told: str
    changed: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One folded part: its line, the name of what it says now, and whether it is open."""

    id: str
    line: str
    seen: str
    open: bool
    told: str
    changed: str
    save: str
    swaps: str


@dataclass(frozen=True, slots=True)
class RevisionShown:
    """One revision in the list."""

    row: Assessment
    state: tuple[str, str]
    determination: str
    here: bool


@require_safe
def assessment(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The page."""
    return show(request, subject_of(request, number, pk))


def show(
    request: HttpRequest,
    subject: Subject,
    refused: Refused | None = None,
    *,
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of `subject`; with a refused save as it was filled in, or an act that was refused (`told`)."""
    worked = subject.shown
    answer = None if worked is None else answer_of(worked)
    row = Assessment(case=subject.case, version=subject.version) if worked is None else worked.assessment
    content = Content() if worked is None else worked.content
    judged = next(iter(work_out([row]).values())).judged if worked is None else worked.judged
    beside = side_by_side(row)
    both = leads(subject)
    next_step = next_of(subject, answer, both)
    sections = _sections(request, subject, content, beside, answer, next_step, refused)
    found = of_siblings.siblings(subject)
    context = {
        "subject": subject,
        "case": subject.case,
        "version": subject.version,
        "worked": worked,
        "content": content,
        "answer": answer,
        "title": title(subject, answer),
        "tags": tags(subject, answer, judged),
        "matrix": matrix(answer),
        "columns": columns(),
        "next": next_step,
        "waiting": len(lacking(subject)) if subject.written is not None and not subject.older else 0,
        "standing": subject.mine.standing if subject.written is not None else None,
        "standing_word": _standing_word(subject),
        "copied": of_siblings.copied(subject),
        "sections": sections,
        "told": told,
        "opened": request.GET.getlist("open"),
        "writes": subject.can_write or refused is not None,
        "steers": may_in(subject.by, Permission.CASES_STEER, subject.case),
        "reads_records": may_in(subject.by, Permission.RECORDS_READ, subject.case, whole=False),
        "judged": judged,
        "factors": [(one, *LEVELS[one.level]) for one in judged.factors],
        "exploitability_line": _exploitability(judged),
        "pathway_url": pathway_url(subject),
        "pathway_line": _pathway(content),
        "drawn": drawn(content.exploit_impact_pathway, id="reach"),
        "harm_shown": harm.shown(content),
        "beside": beside,
        "score_rows": scores.rows(beside),
        "score_moves": scores.moves(beside, content.scoring),
        "rubric_moves": rubric.moves(beside),
        "rubric_shown": rubric.shown(content.scoring),
        "resolution_asked": resolving.asked(content, answer),
        "leads": both,
        "signed_line": signed_line(both, ready=bool(worked and worked.is_ready)),
        "sign_form": SignForm(),
        "siblings": found,
        "siblings_line": of_siblings.line(found),
        "proposes": sum(one.gets for one in found) if subject.written is not None else 0,
        "revisions": [_revision(row, subject) for row in subject.revisions],
        "keeps_resolution": _keeps_resolution(request),
        **_forms(subject, content, beside, refused),
    }
    return render(request, "assessment/assessment.html", context, status=status)


def _sections(
    request: HttpRequest,
    subject: Subject,
    content: Content,
    beside: SideBySide,
    answer: Answer | None,
    next_step: Next | None,
    refused: Refused | None,
) -> Mapping[str, Section]:
    lines = {
        Part.HARM: harm.line(content),
        Part.SCORES: scores.line(beside),
        Part.RUBRIC: rubric.line(content.scoring),
        Part.RESOLUTION: resolving.line(content, answer),
    }
    opened = request.GET.getlist("open")
    if not opened and next_step is not None and subject.can_write and refused is None:
        opened = [next_step.opens]
    return {
        part.value: Section(
            id=part.value,
            line=line,
            seen=_seen(content, part, refused),
            open=part.value in opened or (refused is not None and refused.part is part),
            told=refused.told if refused is not None and refused.part is part else "",
            changed=refused.changed if refused is not None and refused.part is part else "",
            save=reverse(f"assessment-{part.value}", args=[subject.case.number, subject.version.pk]),
            swaps=_swaps(part),
        )
        for part, line in lines.items()
    }


def _seen(content: Content, part: Part, refused: Refused | None) -> str:
    if refused is not None and refused.part is part and refused.seen is not None:
        return refused.seen
    return seen(content, part)


def _swaps(part: Part) -> str:
    """
    What htmx takes from the answer beside the part, one after the other.

    The resolution too, unless somebody may be writing it: then its line alone, which is taken after it for that reason.
    """
    also = ("resolution", "resolution-line") if part is not Part.RESOLUTION else ()
    return ",".join([f"#{one}" for one in (*ALWAYS, *also)] + ["#toasts:beforeend"])


def _keeps_resolution(request: HttpRequest) -> bool:
    """Whether a part was saved while the resolution was open: what is typed there stays as it is."""
    target = request.headers.get("HX-Target", "")
    return target not in ("", Part.RESOLUTION.value) and Part.RESOLUTION.value in request.GET.getlist("open")


def _forms(subject: Subject, content: Content, beside: SideBySide, refused: Refused | None) -> dict[str, Any]:
    """The form of each part for who can write; a refused one as it was filled in."""
    made: dict[str, Any] = {}
    if subject.can_write:
        made = {
            "harm_forms": harm.scenario_forms(subject, content),
            "privacy_form": harm.PrivacyForm(
                initial={"statement": content.privacy.statement if content.privacy else ""}, auto_id="privacy_%s"
            ),
            "scores_form": scores.ScoresForm(scoring=content.scoring, bases=scores.bases_of(beside)),
            "rubric_form": rubric.RubricForm(scoring=content.scoring),
            "resolve_form": resolving.ResolveForm(initial=resolving.initial(content), auto_id="resolve_%s"),
        }
    return made if refused is None else {**made, **refused.forms}


def _exploitability(judged: Judged) -> str:
    strongest = judged.factors[0]
    word = LEVELS[judged.level][0].capitalize()
    if judged.credits:
        return f"{word}, lowered from {LEVELS[judged.before_credit][0]}: {judged.credits[0]}"
    return f"{word}: {strongest.name}, {strongest.says}"


def _pathway(content: Content) -> str:
    pathway = content.exploit_impact_pathway
    gone = missing(pathway)
    if not pathway.steps:
        return "Not needed: only data leaks." if content.privacy is not None else "Nobody has drawn it yet."
    lacks = f". Missing: {', '.join(one.value for one in gone)}" if gone else ""
    return f"{sentence(pathway)}{lacks}"


def _standing_word(subject: Subject) -> str:
    standing = subject.mine.standing
    return "" if standing is None else DETERMINATIONS[Determination(standing.determination)][0].lower()


def _revision(row: Assessment, subject: Subject) -> RevisionShown:
    word, meaning = STATES[AssessmentState(row.state)]
    return RevisionShown(
        row,
        (meaning.value, word),
        DETERMINATIONS[Determination(row.determination)][0] if row.determination else "",
        here=subject.shown is not None and subject.shown.assessment.pk == row.pk,
    )


def opened_before(request: HttpRequest) -> Sequence[str]:
    """The folds that were open where the save came from."""
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    return parse_qs(urlsplit(came_from).query).get("open", [])
