"""The one thing to do next, and the way from nothing to two signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.urls import NoReverseMatch, reverse

from postmarket.accounts.permissions import Permission
from postmarket.assessment.rules.content import Content
from postmarket.assessment.rules.objections import Objection
from postmarket.assessment.rules.pathway import missing, sentence
from postmarket.assessment.words import AssessmentState, Lead
from postmarket.web.components.text import plural
from postmarket.web.pages.assessment import harm, resolving
from postmarket.web.pages.assessment.siblings import siblings
from postmarket.web.pages.assessment.signatures import WHY
from postmarket.web.pages.cases.common import may_in
from postmarket.web.pages.cases.words import EXPLOITATION

if TYPE_CHECKING:
    from postmarket.web.pages.assessment.answer import Answer
    from postmarket.web.pages.assessment.signatures import LeadRow
    from postmarket.web.pages.assessment.subject import Subject

ORDER: Final = ("exploitation", "harm", "privacy", "pathway", "controls", "rubric", "resolution")
QUESTIONS: Final = {
    "exploitation": "Is it exploited on a device of ours?",
    "harm": "What could happen to whom?",
    "privacy": "Is it only data?",
    "pathway": "How does an exploit reach the patient?",
    "controls": "Do the credited controls hold?",
    "rubric": "What do the rubric's questions say?",
    "resolution": "Is that controlled or uncontrolled?",
}
OPENS: Final = {"harm": "harm", "privacy": "harm", "rubric": "rubric", "resolution": "resolution"}
"""The section of this page that answers it."""


@dataclass(frozen=True, slots=True)
class Passed:
    """One stage of the way: what it is, what it came to ("" while it is open), and where it is answered."""

    text: str
    answer: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """
    A question, why it is asked, and how it is answered: by a link (`url`), by a form (`action` with `data`), or not
    by this person. `opens` is the section that answers it.
    """

    text: str
    why: str
    button: str = ""
    url: str = ""
    action: str = ""
    data: Sequence[tuple[str, str]] = ()
    cause: str = ""
    opens: str = ""
    calm: bool = False
    trail: Sequence[Passed] = field(default=())


def pathway_url(subject: Subject) -> str:
    """Where the pathway is drawn; "" where there is no such page."""
    try:
        return reverse("pathway", kwargs={"number": subject.case.number, "pk": subject.version.pk})
    except NoReverseMatch:
        return ""


def lacking(subject: Subject) -> Sequence[Objection]:
    """What is missing before it can be signed; of one that nobody began, everything."""
    if subject.written is not None:
        return subject.written.objections
    found = [Objection("harm", "No harm to patients is described."), Objection("pathway", "No pathway is drawn.")]
    if subject.case.known_exploitation is None:
        found.insert(0, Objection("exploitation", "Nobody has said whether it is exploited on a device of ours."))
    return found


def next_of(subject: Subject, answer: Answer | None, leads: Sequence[LeadRow]) -> Next | None:
    """What is to be done next; None for a revision that is only looked at."""
    if subject.older:
        return None
    if not subject.case.is_open:
        return Next(text=f"{subject.case.number} is {subject.case.state}.", why="Nothing is written in it.", calm=True)
    if subject.written is None and subject.origin is not None:
        return _begin(subject)
    against = sorted(lacking(subject), key=lambda one: ORDER.index(one.where) if one.where in ORDER else len(ORDER))
    trail = _trail(subject, answer, leads)
    if against:
        return _missing(subject, against[0], len(against), trail)
    return _sign(subject, leads, trail)


def _begin(subject: Subject) -> Next:
    origin, standing = subject.origin, subject.mine.standing
    assert origin is not None  # noqa: S101 - asked before
    action = reverse("assessment-begin", args=[subject.case.number, subject.version.pk])
    if standing is None:
        return Next(
            text=f"Does what was judged for {origin.version} hold here too?",
            why=harm.line(origin.says),
            button="Take it over" if subject.may_edit else "",
            action=action,
            cause="It is a proposal: nothing is in effect before both leads have signed it for this version.",
        )
    if standing.state == AssessmentState.REOPENED.value:
        return Next(
            text="What it stood on has changed. Does it still hold?",
            why=" ".join(standing.reopened_because),
            button="Begin a new revision" if subject.may_edit else "",
            action=action,
            cause="It begins with what was signed, and that stays until the new one is signed.",
        )
    waiting = [one for one in subject.siblings if one.standing is None and one.written is None]
    if waiting and subject.may_edit:
        return Next(
            text=f"Does it hold for {waiting[0].version} too?",
            why="Nobody has assessed that version yet; it can begin with a copy of this.",
            button=f"Look at {waiting[0].version.label}",
            url=reverse("assessment", args=[subject.case.number, waiting[0].version.pk]),
        )
    return Next(
        text="Nothing is to be done here.",
        why="Both leads have signed. It opens again by itself when something it rests on changes.",
        calm=True,
    )


def _missing(subject: Subject, one: Objection, count: int, trail: Sequence[Passed]) -> Next:
    url, button, opens = "", "", OPENS.get(one.where, "")
    if one.where == "exploitation":
        if may_in(subject.by, Permission.CASES_STEER, subject.case):
            url, button = reverse("case-exploitation", args=[subject.case.number]), "Say it"
    elif not subject.may_edit:
        pass
    elif one.where in ("pathway", "controls"):
        url, button = pathway_url(subject), "Draw it" if one.where == "pathway" else "Look at them"
    elif opens:
        url, button = f"#{opens}-edit", "Answer it here"
    who = "" if button and url else f" {subject.case.owner.name} owns the case."
    return Next(
        text=QUESTIONS.get(one.where, "What is missing?"),
        why=f"{one.text}{who}",
        button=button if url else "",
        url=url,
        cause="" if count == 1 else f"{count} things are missing before it can be signed.",
        opens=opens,
        trail=trail,
    )


def _sign(subject: Subject, leads: Sequence[LeadRow], trail: Sequence[Passed]) -> Next:
    assert subject.written is not None  # noqa: S101 - one that nobody began lacks something
    waiting = [one for one in leads if one.living is None]
    mine = next((one for one in waiting if one.may_sign), None)
    if mine is not None:
        same = [one for one in mine.also if one.same]
        keys = [subject.written.assessment.pk, *(one.key for one in same)]
        names = ", ".join([subject.version.label, *(one.of.version.label for one in same)])
        last = len(waiting) == 1
        return Next(
            text=f"Do you sign it as {mine.lead}?",
            why="Nothing is missing. You see exactly what you sign, and prove who you are, before anything is signed.",
            button=f"Sign {len(keys)} versions" if same else "Sign it",
            action=reverse("assessment-sign", args=[subject.case.number, subject.version.pk, mine.slug]),
            data=[*(("assessment", str(key)) for key in keys), ("why", WHY)],
            cause=f"For {names}. {'It is in effect then.' if last else 'It is in effect when the other lead has too.'}",
            trail=trail,
        )
    gets = [one.of.version.label for one in siblings(subject) if one.gets]
    if gets and subject.may_edit:
        return Next(
            text=f"Does it hold for {' and '.join(gets)} too?",
            why="Nothing is missing here. Proposed, it can be signed for all of them at once.",
            button=f"Propose it to {plural(len(gets), 'version')}",
            action=reverse("assessment-propose", args=[subject.case.number, subject.version.pk]),
            cause="It takes effect for each only when both leads have signed it for that one.",
            trail=trail,
        )
    names = " and the ".join(str(one.lead) for one in waiting)
    people = "; ".join(one.waits_for or f"nobody holds the role of {one.lead}" for one in waiting)
    return Next(
        text=f"It waits for the {names}.",
        why=f"Nothing is missing. Who may sign: {people}.",
        calm=True,
        trail=trail,
    )


def _trail(subject: Subject, answer: Answer | None, leads: Sequence[LeadRow]) -> list[Passed]:
    content = subject.written.content if subject.written is not None else Content()
    lacks: Mapping[str, Objection] = {one.where: one for one in reversed(lacking(subject))}
    said = subject.case.known_exploitation
    pathway = content.exploit_impact_pathway
    steers = may_in(subject.by, Permission.CASES_STEER, subject.case)
    stages = [
        Passed(
            "Exploited on a device of ours?",
            "" if said is None else EXPLOITATION[said][0],
            reverse("case-exploitation", args=[subject.case.number]) if steers else "",
        ),
        Passed("What could happen to whom?", "" if {"harm", "privacy"} & lacks.keys() else _short(content), "#harm"),
    ]
    if content.privacy is None:
        drawn = "" if missing(pathway) else f"{len(pathway.steps)} steps, to {sentence(pathway).rsplit(' → ')[-1]}"
        stages.append(Passed("How does it reach the patient?", drawn, pathway_url(subject)))
    if "resolution" in lacks or content.resolution is not None:
        resolved = "" if "resolution" in lacks else resolving.line(content, answer).split(":")[0]
        stages.append(Passed("Clinical review", resolved, "#resolution"))
    for one in leads:
        name = one.living.row.signature.printed_name if one.living is not None else ""
        stages.append(Passed(_title(one.lead), name, "#signatures"))
    return stages


def _title(lead: Lead) -> str:
    return f"Signed by the {lead}"


def _short(content: Content) -> str:
    if content.privacy is not None and not content.harm:
        return "Only data leaks"
    return content.severity.name.capitalize() if content.severity is not None else ""
