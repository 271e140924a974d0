"""From answers to metrics: each metric with the answer that gave it (regulatory reference §5.2)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from postmarket.scoring.cvss import score
from postmarket.scoring.interface import Score
from postmarket.scoring.rubric.questions import (
    MANY_PATIENTS,
    PATIENT_DATA,
    QUESTIONS,
    Answer,
    Question,
    asked_next,
    is_asked,
    question,
)

QUALIFICATION = (
    "The rubric is qualified by FDA (MDDT Q171974) for CVSS v3.0 only; this vector is written as v3.1, whose base"
    " metrics are the same."
)
DISPUTED_WIRED = "published implementations disagree on wired protocols below IP; the worse reading, adjacent, is taken"
METRICS = ("AV", "AC", "PR", "UI", "S", "C", "I", "A")
IMPACTS = ("C", "I", "A")
Y, N, U = Answer.YES, Answer.NO, Answer.UNKNOWN


class Reason(msgspec.Struct, frozen=True):
    """Why a metric has its value: the questions that gave it, and whether a worst case stands in for an unknown."""

    metric: str
    value: str
    questions: tuple[str, ...]
    assumed: bool
    note: str = ""


class Told(msgspec.Struct, frozen=True):
    """
    What the answers come to.

    `open` is the next question that is asked and not answered; while there is one, its worst case stands in, and
    nothing may be signed. `vector` is CVSS 3.1; `extended` adds every answer that was asked for.
    """

    vector: str
    extended: str
    reasons: tuple[Reason, ...]
    open: Question | None

    @property
    def score(self) -> Score:
        """The base score of the vector."""
        return score(self.vector, by="MITRE rubric")


def answered(answers: Mapping[str, Answer]) -> Told:
    """
    The vector that `answers` give; what is unknown, or not answered yet, counts as the worst case.

    Answers to questions that are not asked are left out. Raises ScoringError for an id the rubric does not have.
    """
    for id_ in answers:
        question(id_)
    asked = {one.id: answers[one.id] for one in QUESTIONS if one.id in answers and is_asked(one, answers)}
    reasons = tuple(_reason(metric, asked) for metric in METRICS)
    vector = "CVSS:3.1/" + "/".join(f"{one.metric}:{one.value}" for one in reasons)
    said = "".join(f"/{one.id}:{asked[one.id].value}" for one in QUESTIONS if one.id in asked)
    return Told(vector=vector, extended=vector + said, reasons=reasons, open=asked_next(asked))


def _reason(metric: str, asked: Mapping[str, Answer]) -> Reason:
    match metric:
        case "AV":
            return _attack_vector(asked)
        case "AC":
            return _yes_or_no(metric, "XACL", asked, yes="L", no="H", worst="L")
        case "PR":
            return _privileges(asked)
        case "UI":
            return _yes_or_no(metric, "XUI", asked, yes="R", no="N", worst="N")
        case "S":
            return _yes_or_no(metric, "XS", asked, yes="C", no="U", worst="C")
        case _:
            return _impact(metric, asked)


def _attack_vector(asked: Mapping[str, Answer]) -> Reason:
    network, layer = asked.get("XAVN", U), asked.get("XAVT", U)
    if network is N:
        touched = asked.get("XAVP", U)
        return Reason("AV", "P" if touched is Y else "L", ("XAVN", "XAVP"), assumed=touched is U)
    if network is U:
        return Reason("AV", "N", ("XAVN",), assumed=True)
    if layer is not N:
        return Reason("AV", "N", ("XAVN", "XAVT"), assumed=layer is U)
    wireless = asked.get("XAVW", U)
    if wireless is N:
        return Reason("AV", "A", ("XAVN", "XAVT", "XAVW"), assumed=True, note=DISPUTED_WIRED)
    near = asked.get("XAVR", U)
    questions = ("XAVN", "XAVT", "XAVW", "XAVR")
    return Reason("AV", "L" if near is Y else "A", questions, assumed=U in (wireless, near))


def _privileges(asked: Mapping[str, Answer]) -> Reason:
    roles, before = asked.get("XPRL", U), asked.get("XPRZ", U)
    if roles is N:
        return Reason("PR", "N", ("XPRL",), assumed=False)
    if before is not Y:
        return Reason("PR", "N", ("XPRL", "XPRZ"), assumed=before is U)
    system = asked.get("XPRS", U)
    return Reason("PR", "H" if system is Y else "L", ("XPRL", "XPRZ", "XPRS"), assumed=U in (roles, system))


def _yes_or_no(metric: str, id_: str, asked: Mapping[str, Answer], *, yes: str, no: str, worst: str) -> Reason:
    said = asked.get(id_, U)
    value = {Y: yes, N: no, U: worst}[said]
    return Reason(metric, value, (id_,), assumed=said is U)


def _impact(metric: str, asked: Mapping[str, Answer]) -> Reason:
    """High when any class is hit, low when only a few patients' data is disclosed, none when nothing is."""
    ids = [one.id for one in QUESTIONS if one.metric == metric and one.id != MANY_PATIENTS]
    levels = {id_: _level(id_, asked) for id_ in ids}
    value = next((level for level in ("H", "L") if level in levels.values()), "N")
    giving = tuple(id_ for id_, level in levels.items() if level == value)
    sure = any(asked.get(id_, U) is not U for id_ in giving)
    return Reason(metric, value, giving, assumed=value != "N" and not sure)


def _level(id_: str, asked: Mapping[str, Answer]) -> str:
    said = asked.get(id_, U)
    if said is N:
        return "N"
    few = id_ == PATIENT_DATA and said is Y and asked.get(MANY_PATIENTS, U) is N
    return "L" if few else "H"
