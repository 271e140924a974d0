"""
The questions, in their order, and which of them an answer makes needless (regulatory reference §5.2).

Ids are those that published calculators use. The words are ours: a clinician and an engineer answer them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from postmarket.scoring.errors import ScoringError


class Answer(StrEnum):
    """The answer to one question; unknown is never no."""

    YES = "Y"
    NO = "N"
    UNKNOWN = "U"


class Question(msgspec.Struct, frozen=True):
    """
    One question: the metric it feeds, its words, and when it is asked.

    `asked_if` maps earlier questions to the answers that lead here; all of them must hold. Without any it is always
    asked.
    """

    id: str
    metric: str
    words: str
    asked_if: Mapping[str, tuple[Answer, ...]] = {}


_YES = (Answer.YES,)
_NO = (Answer.NO,)
_NOT_NO = (Answer.YES, Answer.UNKNOWN)

_CLASSES = (
    ("P", "health or personal data of patients"),
    ("D", "what diagnosis or monitoring rests on"),
    ("T", "the delivery of therapy"),
    ("W", "the clinical workflow"),
    ("S", "secrets of the system or its users"),
    ("O", "anything else that is critical"),
)
"""Classes of data and functions of the rubric."""
_HARMS = (("C", "disclose"), ("I", "alter"), ("A", "make unavailable or delay"))
MANY_PATIENTS = "XCPM"
PATIENT_DATA = "XCP"

_FIRST = (
    Question("XAVN", "AV", "Can it be reached over a network or communication protocol?"),
    Question("XAVT", "AV", "Is that protocol at OSI layer 3 or 4 (IP, TCP, UDP)?", {"XAVN": _YES}),
    Question("XAVW", "AV", "Is the connection wireless?", {"XAVN": _YES, "XAVT": _NO}),
    Question("XAVR", "AV", "Is its range about 10 feet (3 m) or less?", {"XAVN": _YES, "XAVT": _NO, "XAVW": _NOT_NO}),
    Question("XAVP", "AV", "Must the attacker touch the device?", {"XAVN": _NO}),
    Question("XAVPA", "AV", "Is it attacked through the interface people use?", {"XAVN": _NO, "XAVP": _YES}),
    Question("XACL", "AC", "Can it be attacked at will, without special circumstances, settings or earlier attacks?"),
    Question("XPRL", "PR", "Does the attacked part know several users or roles?"),
    Question("XPRZ", "PR", "Must the attacker be authorised before?", {"XPRL": _NOT_NO}),
    Question(
        "XPRS",
        "PR",
        "Does it take the rights of an administrator, maintainer or the system?",
        {"XPRL": _NOT_NO, "XPRZ": _NOT_NO},
    ),
    Question("XUI", "UI", "Does it need something that another person, such as a user, does?"),
    Question("XS", "S", "Can it affect a component that another authority is responsible for?"),
)
_DATA = tuple(
    Question(f"X{metric}{letter}", metric, f"Can it {harm} {data}?")
    for metric, harm in _HARMS
    for letter, data in _CLASSES
)
_MANY = Question(
    MANY_PATIENTS, "C", "Of many patients at once (500 or more, as breach rules count)?", {PATIENT_DATA: _YES}
)

QUESTIONS: tuple[Question, ...] = (*_FIRST, _DATA[0], _MANY, *_DATA[1:])
_BY_ID = {one.id: one for one in QUESTIONS}


def question(id_: str) -> Question:
    """The question of that id. Raises ScoringError when the rubric has none."""
    try:
        return _BY_ID[id_]
    except KeyError:
        raise ScoringError(f"The rubric has no question {id_[:20]!r}", next_step="Use the ids of its form.") from None


def is_asked(one: Question, answers: Mapping[str, Answer]) -> bool:
    """Whether what was answered so far leads to this question."""
    return all(answers.get(earlier) in wanted for earlier, wanted in one.asked_if.items())


def asked_next(answers: Mapping[str, Answer]) -> Question | None:
    """The first question that is asked and not answered yet; None when all are."""
    return next((one for one in QUESTIONS if is_asked(one, answers) and one.id not in answers), None)
