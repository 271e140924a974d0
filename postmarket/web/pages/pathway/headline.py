"""The page's title: whether the pathway reaches the patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.assessment.rules.pathway import missing
from postmarket.assessment.words import StepKind
from postmarket.web.components.text import counted_words, plural
from postmarket.web.pages.pathway.words import KINDS

if TYPE_CHECKING:
    from postmarket.assessment.queries.beginnings import Beginning
    from postmarket.assessment.rules.content import Pathway


def headline(pathway: Pathway, begun: Beginning) -> str:
    """A finding: what is missing, else what it does to whom."""
    if not pathway.steps:
        return "Nobody has drawn yet how it reaches the patient."
    gone = missing(pathway)
    if len(gone) == 1:
        return f"One step is missing before it reaches the patient: {KINDS[gone[0]].lower()}."
    if gone:
        return f"{counted_words(len(gone), 'step')} are missing before it reaches the patient."
    harm = "; ".join(step.words for step in pathway.steps if step.kind is StepKind.HARM)
    return f"It reaches the patient in {plural(len(pathway.steps), 'step')}: {harm}."
