"""An answer to a finding, and what each status asks for (CISA's minimum for VEX; reference §7.5)."""

from __future__ import annotations

from dataclasses import dataclass

from postmarket.documents.vex.interface import Justification, Status
from postmarket.monitoring.errors import InvalidAnswer

LONGEST = 4000
WORDS = {
    Status.AFFECTED: "affected",
    Status.NOT_AFFECTED: "not affected",
    Status.FIXED: "fixed",
    Status.UNDER_INVESTIGATION: "under investigation",
}
REASONS = {
    Justification.COMPONENT_NOT_PRESENT: "the component is not present",
    Justification.VULNERABLE_CODE_NOT_PRESENT: "the vulnerable code is not present",
    Justification.VULNERABLE_CODE_NOT_IN_EXECUTE_PATH: "the vulnerable code is not in the execute path",
    Justification.VULNERABLE_CODE_CANNOT_BE_CONTROLLED_BY_ADVERSARY: (
        "the vulnerable code cannot be controlled by an adversary"
    ),
    Justification.INLINE_MITIGATIONS_ALREADY_EXIST: "inline mitigations already exist",
}
"""CISA's five, as people read them."""
GRAVITY = (Status.NOT_AFFECTED, Status.FIXED, Status.UNDER_INVESTIGATION, Status.AFFECTED)
"""The worst last."""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What somebody says of a vulnerability in a component.

    `rationale` is why (for not affected, VEX's impact statement), `action` what to do (VEX's action statement).
    """

    status: Status
    justification: Justification = Justification.NOT_GIVEN
    rationale: str = ""
    action: str = ""

    @property
    def words(self) -> str:
        """As people read it: `not affected: the vulnerable code is not present`."""
        reason = REASONS.get(self.justification)
        return f"{WORDS[self.status]}: {reason}" if reason else WORDS[self.status]


def checked(answer: Answer) -> Answer:
    """The answer as it is kept. Raises InvalidAnswer naming the field that its status asks for and that is empty."""
    rationale, action = _text("rationale", answer.rationale), _text("action", answer.action)
    match answer.status:
        case Status.NOT_AFFECTED:
            if answer.justification not in REASONS:
                raise InvalidAnswer(
                    "“Not affected” needs one of the five justifications",
                    where="justification",
                    why="without it nobody can tell when it stops being true",
                    next_step="Choose why it is not affected.",
                )
            _needed("rationale", rationale, "Say what shows that it is so.")
        case Status.AFFECTED:
            _needed("action", action, "Say what to do about it, if only until an update is there.")
        case Status.FIXED:
            _needed("rationale", rationale, "Say which build or patch fixes it, and where that is verified.")
        case Status.UNDER_INVESTIGATION:
            pass
    if answer.status is not Status.NOT_AFFECTED and answer.justification:
        raise InvalidAnswer(
            f"“{WORDS[answer.status].capitalize()}” takes no justification",
            where="justification",
            next_step="Leave it empty, or answer “not affected”.",
        )
    return Answer(answer.status, answer.justification, rationale, action)


def worst(statuses: list[Status]) -> Status:
    """The gravest; what nobody has decided counts as under investigation, so give that for it. Raises ValueError."""
    return max(statuses, key=GRAVITY.index)


def _needed(name: str, text: str, next_step: str) -> None:
    if not text:
        raise InvalidAnswer(f"The {name} is empty", where=name, next_step=next_step)


def _text(name: str, text: str) -> str:
    plain = text.strip()
    if len(plain) > LONGEST or not plain.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        raise InvalidAnswer(
            f"The {name} cannot be kept",
            where=name,
            why=f"it has at most {LONGEST} printable characters",
            next_step="Shorten it.",
        )
    return plain
