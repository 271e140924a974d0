"""A cell that the matrix leaves to clinical review: the leads say controlled or uncontrolled, with the rationale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms

from postmarket.assessment.rules.content import Content
from postmarket.assessment.rules.fields import LONGEST_TEXT
from postmarket.policy.interface import Determination
from postmarket.web.pages.cases.words import DETERMINATIONS

if TYPE_CHECKING:
    from postmarket.web.pages.assessment.answer import Answer

TAKE_BACK: Final = "matrix"


class ResolveForm(forms.Form):
    """What the leads say, instead of a review, or above what the matrix says."""

    determination = forms.ChoiceField(
        label="The risk to patients is",
        widget=forms.RadioSelect,
        choices=(
            (Determination.UNCONTROLLED.value, "Uncontrolled: not acceptable as it is"),
            (Determination.CONTROLLED.value, "Controlled: sufficiently low, acceptable"),
            (TAKE_BACK, "As the matrix says"),
        ),
    )
    rationale = forms.CharField(
        label="Rationale",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="Both leads sign it with the assessment.",
    )

    @property
    def said(self) -> Determination | None:
        """Controlled, uncontrolled, or nothing of their own."""
        value = self.cleaned_data["determination"]
        return None if value == TAKE_BACK else Determination(value)


def initial(content: Content) -> dict[str, str]:
    """What stands there already."""
    if content.resolution is None:
        return {}
    return {"determination": content.resolution.determination.value, "rationale": content.resolution.rationale}


def asked(content: Content, answer: Answer | None) -> bool:
    """Whether there is anything to resolve, or was."""
    if content.resolution is not None:
        return True
    return answer is not None and answer.cell in (Determination.REVIEW, Determination.CONTROLLED)


def line(content: Content, answer: Answer | None) -> str:
    """The part in one line."""
    said = content.resolution
    if said is not None:
        return f"{DETERMINATIONS[said.determination][0]}: {said.rationale}"
    if answer is None or answer.cell is None:
        return "Asked only where the matrix leaves it to clinical review."
    if answer.cell is Determination.REVIEW:
        return "The matrix leaves this to the two leads: controlled or uncontrolled?"
    if answer.cell is Determination.CONTROLLED:
        return "Not needed: the matrix answers. The leads may raise it."
    return "Not needed: the matrix answers, and nobody lowers what it calls uncontrolled."
