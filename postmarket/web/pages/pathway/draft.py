"""
The pathway as it stands in the form: what was typed, whether it is saved or not.

A form holds the tokens of its steps in their order (`step`), and of the controls on each (`s1-control`); every field is
named after its token. Buttons that change the order send the form as it is and get it back changed: nothing is kept
before it is saved, and nothing needs a script.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Final, TypeVar

from postmarket.assessment.rules.content import Pathway, Step, StepControl
from postmarket.assessment.services.pathways import NewControl
from postmarket.assessment.words import ControlKind, ControlState, StepKind

if TYPE_CHECKING:
    from django.http import QueryDict

Word = TypeVar("Word", bound=StrEnum)
MOST_READ: Final = 40
"""Steps of one form, and controls on one step: more is no form of ours."""
FIRST_NEW: Final = -1


@dataclass(frozen=True, slots=True)
class ControlDraft:
    """A control on a step, as typed; `key` is that of a control of the device, below zero for one to be named."""

    key: int
    name: str
    kind: ControlKind
    state: ControlState = ControlState.NOT_ASSUMED
    evidence: str = ""
    reach: str = ""
    credited: bool = False
    breaks_chain: str = ""

    @property
    def is_new(self) -> bool:
        """Whether saving gives it its name."""
        return self.key < 0


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step as typed."""

    kind: StepKind
    words: str = ""
    detail: str = ""
    controls: tuple[ControlDraft, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nobody has said anything of it."""
        return not (self.words.strip() or self.detail.strip() or self.controls)


@dataclass(frozen=True, slots=True)
class Draft:
    """
    All steps by kind, each kind at least once, blank ones too; hazard ids as typed.

    `template` is the key of the device's pathway it was begun with in this form, "" for none.
    """

    steps: tuple[StepDraft, ...] = ()
    hazards: str = ""
    template: str = ""

    @property
    def pathway(self) -> Pathway:
        """What it says, without blank steps."""
        steps = tuple(
            Step(one.kind, one.words.strip(), one.detail.strip(), tuple(_relied_on(it) for it in one.controls))
            for one in self.steps
            if not one.is_blank
        )
        return Pathway(steps, tuple(one.strip() for one in self.hazards.split(",") if one.strip()))

    @property
    def new_controls(self) -> list[NewControl]:
        """The controls that saving gives their names."""
        return [NewControl(one.key, one.name, one.kind) for step in self.steps for one in step.controls if one.is_new]


def drafted(pathway: Pathway, known: Mapping[int, ControlKind], *, template: str = "") -> Draft:
    """The form of a pathway; `known` are the device's controls, by key."""
    steps = [
        StepDraft(
            step.kind,
            step.words,
            step.detail,
            tuple(
                ControlDraft(
                    one.control,
                    one.name,
                    known.get(one.control, ControlKind.COMPENSATING),
                    one.state,
                    one.evidence,
                    one.reach,
                    one.credited,
                    one.breaks_chain,
                )
                for one in step.controls
            ),
        )
        for step in pathway.steps
    ]
    return Draft(whole(steps), ", ".join(pathway.hazards), template)


def whole(steps: Iterable[StepDraft]) -> tuple[StepDraft, ...]:
    """In the order of their kinds, with a blank one for each kind that is not there."""
    there = list(steps)
    return tuple(
        step for kind in StepKind for step in ([one for one in there if one.kind is kind] or [StepDraft(kind)])
    )


def read(sent: QueryDict, known: Mapping[int, tuple[str, ControlKind]]) -> Draft:
    """What a form of this page sent; `known` are the device's controls by key: name and kind."""
    fresh = count(FIRST_NEW, -1)
    steps = [_step(sent, token, known, fresh) for token in sent.getlist("step")[:MOST_READ]]
    return Draft(whole(filter(None, steps)), sent.get("hazards", ""), sent.get("template", ""))


def _step(
    sent: QueryDict, token: str, known: Mapping[int, tuple[str, ControlKind]], fresh: Iterator[int]
) -> StepDraft | None:
    kind = _one_of(StepKind, sent.get(f"{token}-kind", ""))
    if kind is None:
        return None
    tokens = sent.getlist(f"{token}-control")[:MOST_READ]
    controls = [_control(sent, one, known, fresh) for one in tokens]
    return StepDraft(
        kind, sent.get(f"{token}-words", ""), sent.get(f"{token}-detail", ""), tuple(filter(None, controls))
    )


def _control(
    sent: QueryDict, token: str, known: Mapping[int, tuple[str, ControlKind]], fresh: Iterator[int]
) -> ControlDraft | None:
    written = sent.get(f"{token}-key", "")
    key = int(written) if written.removeprefix("-").isdecimal() and len(written) < 19 else 0
    if key in known:
        name, kind = known[key]
    else:
        name = " ".join(sent.get(f"{token}-name", "").split())
        kind = _one_of(ControlKind, sent.get(f"{token}-kind", "")) or ControlKind.COMPENSATING
        key = key if key > 0 else next(fresh)
    if not name:
        return None
    return ControlDraft(
        key,
        name,
        kind,
        _one_of(ControlState, sent.get(f"{token}-state", "")) or ControlState.NOT_ASSUMED,
        sent.get(f"{token}-evidence", ""),
        sent.get(f"{token}-reach", ""),
        f"{token}-credited" in sent,
        sent.get(f"{token}-breaks_chain", ""),
    )


def _one_of(words: type[Word], said: str) -> Word | None:
    return next((one for one in words if one.value == said), None)


def _relied_on(one: ControlDraft) -> StepControl:
    return StepControl(
        one.key,
        one.name,
        one.state,
        one.evidence.strip(),
        one.reach.strip(),
        one.credited,
        one.breaks_chain.strip(),
    )
