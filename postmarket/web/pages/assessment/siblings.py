"""The case's other versions of the same device: which get the proposal, which are left alone, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.assessment.rules.parts import differing
from postmarket.assessment.words import AssessmentState
from postmarket.policy.interface import Determination
from postmarket.web.components.text import plural
from postmarket.web.pages.assessment.words import PARTS
from postmarket.web.pages.cases.words import DETERMINATIONS

if TYPE_CHECKING:
    from postmarket.assessment.models import Assessment
    from postmarket.assessment.queries.assessments import OfVersion
    from postmarket.web.pages.assessment.subject import Subject


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another version: how far it is, and whether proposing changes anything there."""

    of: OfVersion
    says: str
    gets: bool


def siblings(subject: Subject) -> list[Sibling]:
    """Each, in the order of the inventory; as `services.drafting.propose_to_siblings` treats it."""
    return [_sibling(one, subject) for one in subject.siblings]


def _sibling(one: OfVersion, subject: Subject) -> Sibling:
    written = subject.written
    if one.standing is not None and one.standing.state == AssessmentState.IN_EFFECT.value:
        word = DETERMINATIONS[Determination(one.standing.determination)][0].lower()
        return Sibling(one, f"{word.capitalize()}, signed by both leads: it is left alone.", gets=False)
    if one.written is None:
        again = "It is open again" if one.standing is not None else "Nobody has assessed it"
        return Sibling(one, f"{again}: it gets the proposal.", gets=True)
    row = one.written.assessment
    if row.state != AssessmentState.PROPOSED.value:
        return Sibling(one, "Somebody has written it by hand: it is left alone.", gets=False)
    if written is None or row.origin_id != written.assessment.pk:
        of = f"revision {row.origin.revision} of {row.origin.version}" if row.origin is not None else "another one"
        return Sibling(one, f"It has a proposal from {of}: it is left alone.", gets=False)
    parts = differing(one.written.content, written.content)
    if not parts:
        return Sibling(one, "It has the proposal, word for word.", gets=False)
    behind = ", ".join(PARTS[part].lower() for part in parts)
    return Sibling(one, f"Its proposal is older ({behind}): it is brought up, and what was signed of it is void.", True)


def line(found: Sequence[Sibling]) -> str:
    """The part in one line."""
    if not found:
        return "The case is about no other version of this device."
    gets = [one for one in found if one.gets]
    if not gets:
        return f"{plural(len(found), 'other version')}, nothing to propose."
    return f"{', '.join(one.of.version.label for one in gets)} can be proposed the same."


def copied(subject: Subject) -> tuple[Assessment, list[str]] | None:
    """Whose copy the shown revision is, and the parts in which it differs by now; None when it is nobody's."""
    if subject.shown is None:
        return None
    row = subject.shown.assessment
    if row.origin is None or not row.is_inherited:
        return None
    return row.origin, [PARTS[part].lower() for part in differing(subject.shown.content, row.origin.says)]
