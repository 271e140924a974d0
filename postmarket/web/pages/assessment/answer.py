"""What the assessment comes to, in words about patients, and where that stands in the matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from postmarket.assessment.models.assessment import OPEN_STATES
from postmarket.assessment.rules.determination import PRIVACY_RULE
from postmarket.assessment.rules.premises import said
from postmarket.assessment.words import AssessmentState
from postmarket.monitoring.policy import pack_in_force
from postmarket.policy.interface import Citation, Determination, HarmSeverity
from postmarket.policy.matrix import LEVELS as NAMES
from postmarket.scoring.interface import Exploitability
from postmarket.web.components.tags import Meaning
from postmarket.web.pages.assessment.words import LEVELS, SEVERITIES, STATES, SUFFER
from postmarket.web.pages.cases.words import DETERMINATIONS
from postmarket.web.pages.findings.words import Tag

if TYPE_CHECKING:
    from postmarket.assessment.queries.worked import Worked
    from postmarket.assessment.rules.exploitability import Judged
    from postmarket.web.pages.assessment.subject import Subject


PREMISES: Final = {
    "kev": "KEV",
    "exploit": "Exploits",
    "epss": "EPSS",
    "score": "Score",
    "group": "Names",
    "rejected": "Withdrawn",
    "exploitation": "On our devices",
    "components": "Components",
    "controls withdrawn": "Controls withdrawn",
    "policy": "Policy",
}
SHORT: Final = {"Negligible": "Negl.", "Catastrophic": "Catastr."}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix; `here` is where the assessment stands."""

    letter: str
    word: str
    meaning: Meaning
    here: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What a revision comes to: what was signed of one that took effect, else what it would be if it were signed now.

    `level` with `level_known` false stands on the worst case alone. `grounds` are its premises.
    """

    level: Exploitability
    level_known: bool
    severity: HarmSeverity | None
    cell: Determination | None
    final: Determination | None
    privacy: bool
    rule: str
    citation: Citation
    why: str
    grounds: Mapping[str, str]
    signed: bool

    @property
    def rests_on(self) -> list[tuple[str, str]]:
        """Its premises as people read them."""
        return [(PREMISES.get(name, name.capitalize()), now) for name, now in self.grounds.items()]

    @property
    def line(self) -> str:
        """`high × catastrophic`; of a part that nobody judged, that."""
        harm = "privacy only" if self.privacy else "harm not judged"
        return f"{LEVELS[self.level][0]} × {self.severity.name.lower() if self.severity else harm}"

    @property
    def word(self) -> str:
        """Controlled, uncontrolled, or that it is neither yet."""
        if self.final is not None:
            return DETERMINATIONS[self.final][0]
        return "Clinical review" if self.cell is Determination.REVIEW else "Not determined"


def answer_of(worked: Worked) -> Answer:
    """What one revision comes to."""
    row, found, judged = worked.assessment, worked.outcome, worked.judged
    if row.state in OPEN_STATES or not row.determination:
        return Answer(
            level=judged.level,
            level_known=judged.known,
            severity=found.severity,
            cell=found.cell,
            final=found.final,
            privacy=found.rule == PRIVACY_RULE,
            rule=found.rule,
            citation=found.citation,
            why=found.why,
            grounds=said(worked.grounds),
            signed=False,
        )
    final = Determination(row.determination)
    return Answer(
        level=Exploitability[row.exploitability.upper()],
        level_known=True,
        severity=HarmSeverity[row.severity.upper()] if row.severity else None,
        cell=found.cell if found.rule == row.rule else None,
        final=final,
        privacy=row.rule == PRIVACY_RULE,
        rule=row.rule,
        citation=found.citation,
        why=found.why if found.final is final and found.rule == row.rule else "As both leads have signed it.",
        grounds=said(row.signed_grounds),
        signed=True,
    )


def title(subject: Subject, answer: Answer | None) -> str:
    """The answer as a sentence about patients."""
    who = f"patients on {subject.version}"
    if subject.shown is None or answer is None:
        return f"Nobody has judged yet what can happen to {who}."
    if answer.privacy:
        return f"{_settled(subject, 'Controlled')}: data can leak from {subject.version}, and no patient is harmed."
    if answer.severity is None:
        if not subject.shown.content.harm:
            return f"Nobody has judged yet what can happen to {who}."
        return f"How badly {who} can be hurt is not judged yet."
    suffer = SUFFER[answer.severity]
    if answer.final is None:
        return f"Not decided: {who} can {suffer}, and two leads have to say whether that is controlled."
    if answer.final is Determination.UNCONTROLLED:
        return f"{_settled(subject, 'Uncontrolled')}: {who} can {suffer}."
    return f"{_settled(subject, 'Controlled')}: at worst {who} can {suffer}."


def _settled(subject: Subject, word: str) -> str:
    """Nothing is in effect before both have signed, and a doubt takes comfort back."""
    if subject.shown is None:
        return word
    match AssessmentState(subject.shown.assessment.state):
        case AssessmentState.IN_EFFECT:
            return word
        case AssessmentState.REOPENED:
            return f"{word}, and open again"
        case AssessmentState.REPLACED:
            return f"{word} until it was replaced"
        case AssessmentState.WITHDRAWN:
            return f"{word}, taken back before it was signed"
        case _:
            return f"{word}, not signed yet"


def tags(subject: Subject, answer: Answer | None, judged: Judged) -> list[Tag]:
    """The line that stays on the screen: the answer, its two axes, and how far it is."""
    if subject.shown is None or answer is None:
        nobody = Tag(Meaning.UNKNOWN, "Not assessed", "Treated as uncontrolled until both leads have signed")
        return [nobody, _exploitable(judged.level, known=judged.known)]
    marks = []
    if answer.final is not None:
        marks.append(Tag(DETERMINATIONS[answer.final][1], DETERMINATIONS[answer.final][0]))
    elif answer.cell is Determination.REVIEW:
        marks.append(Tag(Meaning.SOON, "Clinical review: not resolved"))
    else:
        marks.append(Tag(Meaning.UNKNOWN, "Controlled or not: not known"))
    if answer.privacy:
        marks.append(Tag(Meaning.PLAIN, "Privacy only"))
    elif answer.severity is None:
        marks.append(Tag(Meaning.UNKNOWN, "Harm: not judged"))
    else:
        marks.append(Tag(SEVERITIES[answer.severity], f"Harm: {answer.severity.name.lower()}"))
    marks.append(_exploitable(answer.level, known=answer.level_known))
    word, meaning = STATES[AssessmentState(subject.shown.assessment.state)]
    marks.append(Tag(meaning, word))
    return marks


def _exploitable(level: Exploitability, *, known: bool) -> Tag:
    word, meaning = LEVELS[level]
    if known:
        return Tag(meaning, f"Exploitability: {word}")
    return Tag(Meaning.UNKNOWN, f"Exploitability: {word}, the worst case")


def matrix(answer: Answer | None) -> list[tuple[str, list[Cell]]]:
    """The rows of the matrix, the most exploitable first, with the cell where it stands."""
    table = pack_in_force().matrix
    rows = []
    for level in sorted(Exploitability, reverse=True):
        cells = []
        for severity, found in zip(HarmSeverity, table.cells[NAMES[level]], strict=True):
            word, meaning = DETERMINATIONS[Determination(found)]
            here = answer is not None and (level, severity) == (answer.level, answer.severity)
            cells.append(Cell(found, word, meaning, here))
        rows.append((LEVELS[level][0].capitalize(), cells))
    return rows


def columns() -> Sequence[tuple[str, str, str]]:
    """The severities: short enough for a column, whole, and FDA's words."""
    names = [(str(row.name).capitalize(), row.description) for row in pack_in_force().matrix.severity]
    return [(SHORT.get(name, name), name, means) for name, means in names]
