"""MITRE's rubric as guided questions; what an answer makes needless is not shown, and what is unknown counts worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from postmarket.assessment.queries.scores import SideBySide
from postmarket.assessment.rules.content import RubricAnswer, Scoring
from postmarket.assessment.rules.fields import LONGEST_TEXT
from postmarket.assessment.rules.objections import unreasoned
from postmarket.scoring.rubric import QUESTIONS, Answer, Told, answered, question
from postmarket.scoring.rubric.derive import IMPACTS, METRICS
from postmarket.web.pages.assessment.scores import Move
from postmarket.web.pages.assessment.words import ANSWERS, GROUPS

CHOICES: Final = [(one.value, words) for one, words in ANSWERS.items()]


@dataclass(frozen=True, slots=True)
class Group:
    """The questions that give one metric, in the order in which they are asked."""

    metric: str
    title: str
    questions: Sequence[tuple[str, forms.BoundField]]
    rest: forms.BoundField | None
    why: forms.BoundField
    gives: str
    open: bool


class RubricForm(forms.Form):
    """Every question; a reason for each metric, and "no to the rest" for what has six questions."""

    def __init__(self, *args: Any, scoring: Scoring, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scoring = scoring
        self.known = {one.question: one for one in scoring.answers}
        for one in QUESTIONS:
            known = self.known.get(one.id)
            self.fields[f"a_{one.id}"] = forms.ChoiceField(
                label=one.words,
                choices=CHOICES,
                required=False,
                widget=forms.RadioSelect,
                initial=known.answer.value if known else None,
            )
        for metric in METRICS:
            self.fields[f"why_{metric}"] = forms.CharField(
                label="Why",
                required=False,
                max_length=LONGEST_TEXT,
                initial=self._reason(metric),
                widget=forms.TextInput(attrs={"placeholder": "What shows it", "aria-label": f"Why, {GROUPS[metric]}"}),
            )
        for metric in IMPACTS:
            self.fields[f"rest_{metric}"] = forms.BooleanField(label="No to all that is not answered", required=False)

    @property
    def said(self) -> tuple[RubricAnswer, ...]:
        """
        Every answer, those before included.

        A metric's reason stands with each of its answers, unless one has another reason already.
        """
        found = []
        for one in QUESTIONS:
            metric, known = one.metric, self.known.get(one.id)
            value = self.cleaned_data.get(f"a_{one.id}") or ""
            if not value and metric in IMPACTS and self.cleaned_data.get(f"rest_{metric}"):
                value = Answer.NO.value
            if not value:
                continue
            why = self.cleaned_data.get(f"why_{metric}", "").strip()
            if known is not None and known.rationale not in ("", self._reason(metric)):
                why = known.rationale
            found.append(RubricAnswer(one.id, Answer(value), why))
        return tuple(found)

    @property
    def groups(self) -> list[Group]:
        """Metric by metric."""
        gives = {one.metric: one for one in told(self.scoring).reasons} if self.scoring.answers else {}
        return [
            Group(
                metric,
                GROUPS[metric],
                [(one.id, self[f"a_{one.id}"]) for one in QUESTIONS if one.metric == metric],
                self[f"rest_{metric}"] if metric in IMPACTS else None,
                self[f"why_{metric}"],
                f"{metric}:{gives[metric].value}" if metric in gives else "",
                open=metric not in IMPACTS,
            )
            for metric in METRICS
        ]

    def _reason(self, metric: str) -> str:
        """The metric's reason as it stands: that of its first answer with one."""
        said = (one for one in self.known.values() if question(one.question).metric == metric and one.rationale)
        first = next(said, None)
        return first.rationale if first is not None else ""


def told(scoring: Scoring) -> Told:
    """What the answers come to."""
    return answered({one.question: one.answer for one in scoring.answers})


def line(scoring: Scoring) -> str:
    """The part in one line."""
    if not scoring.answers:
        return "Not answered. It is optional; the sources' scores count."
    found = told(scoring)
    if found.open is not None:
        return f"{found.score.label} so far, with the worst case for what is open: {found.open.words}"
    lacking = unreasoned(scoring.answers, found)
    if lacking:
        return f"{found.score.label}; {', '.join(lacking)} below the worst case without a reason."
    return f"{found.score.label}, every question answered."


def moves(beside: SideBySide) -> list[Move]:
    """Which answer moved the rubric's number, by how much."""
    return [
        Move(
            question(one.question).words,
            ANSWERS[one.after] if one.after is not None else "taken back",
            f"{one.score_before:.1f} → {one.score_after:.1f}" if one.score_before != one.score_after else "no change",
            ", ".join(one.metrics),
        )
        for one in beside.answers_moved
        if one.metrics
    ]


def shown(scoring: Scoring) -> list[tuple[str, str, str]]:
    """Each answer as it is read: the question, the answer, why."""
    return [(question(one.question).words, ANSWERS[one.answer], one.rationale) for one in scoring.answers]
