"""The four answers: what each asks for, what it will cause, and how a form of them is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django import forms

from postmarket.documents.vex.interface import Justification, Status
from postmarket.monitoring.rules.answers import LONGEST, REASONS, Answer
from postmarket.monitoring.rules.premises import named_by
from postmarket.monitoring.words import Premise

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from postmarket.web.pages.triage.given import Given

KEYS: Final = {
    Status.AFFECTED: ("a", "Affected"),
    Status.NOT_AFFECTED: ("n", "Not affected"),
    Status.UNDER_INVESTIGATION: ("u", "Investigating"),
    Status.FIXED: ("f", "Fixed"),
}
NEEDS: Final = {
    Status.AFFECTED: "Needs what to do until it is fixed",
    Status.NOT_AFFECTED: "Needs one of five justifications",
    Status.UNDER_INVESTIGATION: "Stays open; the article’s dates run on",
    Status.FIXED: "Needs the build or SBOM that shows it",
}
BRINGS_BACK: Final = {
    Premise.KEV: "CISA lists it as exploited",
    Premise.EXPLOIT: "an exploit becomes known",
    Premise.EPSS: "EPSS jumps",
    Premise.SCORE: "its score changes",
    Premise.RANGE: "a source calls other versions affected",
    Premise.COMPONENT: "the SBOM changes",
    Premise.GROUP: "its names are merged or split",
    Premise.REJECTED: "it is withdrawn",
    Premise.POLICY: "the policy changes",
}


class AnswerForm(forms.Form):
    """One answer with its grounds; the rules of monitoring say which of them it needs."""

    status = forms.ChoiceField(choices=[(status.value, words) for status, (_, words) in KEYS.items()])
    justification = forms.ChoiceField(
        label="Why is it not affected?",
        choices=[(one.value, words.capitalize()) for one, words in REASONS.items()],
        widget=forms.RadioSelect,
        required=False,
    )
    rationale = forms.CharField(
        label="What shows it?", widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=LONGEST
    )
    action = forms.CharField(
        label="What to do about it", widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=LONGEST
    )

    @property
    def answer(self) -> Answer:
        """What was filled in; `services.deciding` checks it."""
        said = self.cleaned_data
        status = Status(said["status"])
        return Answer(
            status=status,
            justification=Justification(said["justification"])
            if status is Status.NOT_AFFECTED
            else Justification.NOT_GIVEN,
            rationale=said["rationale"],
            action=said["action"] if status is Status.AFFECTED else "",
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer as it is offered: its key on the keyboard, what it needs, what it will cause, and its form."""

    status: str
    key: str
    name: str
    needs: str
    causes: str
    form: AnswerForm
    fields: Sequence[str]
    open: bool

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields this answer has."""
        return [self.form[name] for name in self.fields]


FIELDS: Final = {
    Status.AFFECTED: ("action",),
    Status.NOT_AFFECTED: ("justification", "rationale"),
    Status.UNDER_INVESTIGATION: ("rationale",),
    Status.FIXED: ("rationale",),
}
LABELS: Final = {
    Status.NOT_AFFECTED: "What shows it?",
    Status.UNDER_INVESTIGATION: "What is being looked at?",
    Status.FIXED: "Which build or patch fixes it, and where is that verified?",
}


def choices(proposed: Given, *, action: str = "", given: MultiValueDict[str, str] | None = None) -> list[Choice]:
    """The four answers; `action` is what the sources would do. `given` is a form that was sent."""
    found = []
    for status, (key, name) in KEYS.items():
        mine = given is not None and given.get("status") == status.value
        initial = {"action": action} if status is Status.AFFECTED else {}
        form = AnswerForm(given if mine else None, initial=initial, auto_id=f"{status.value}_%s")
        if status in LABELS:
            form.fields["rationale"].label = LABELS[status]
        for field in FIELDS[status]:
            form.fields[field].required = status is not Status.UNDER_INVESTIGATION
        said = causes(status, proposed)
        found.append(Choice(status.value, key, name, NEEDS[status], said, form, FIELDS[status], mine))
    return found


def causes(status: Status, proposed: Given) -> str:
    """What answering will do, in words."""
    first = f"Proposed for {proposed.words}. In effect once signed."
    if status is Status.NOT_AFFECTED:
        return f"{first} Comes back when what the justification rests on changes."
    named = [BRINGS_BACK[premise] for premise in Premise if premise in named_by(Answer(status))]
    return f"{first} Comes back when {', '.join(named[:-1])} or {named[-1]}."
