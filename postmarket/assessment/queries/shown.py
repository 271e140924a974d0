"""What is put before each lead to sign: the same assessment, in the words of each."""

from __future__ import annotations

from postmarket.assessment.queries.worked import Worked
from postmarket.assessment.rules.content import HarmScenario, Step, StepControl
from postmarket.assessment.rules.determination import WORDS
from postmarket.assessment.rules.pathway import HAZARD_CHAIN, sentence
from postmarket.assessment.rules.premises import said
from postmarket.assessment.snapshots import plain
from postmarket.monitoring.policy import pack_in_force
from postmarket.policy.matrix import harm_words
from postmarket.records import Snapshot, Value
from postmarket.records.canonical import content_hash
from postmarket.scoring.rubric import QUALIFICATION, answered


def technical_sentence(one: Worked) -> str:
    """`PSIRT-2026-0041, AeroVent 5.4: uncontrolled; catastrophic × high.`"""
    cell = "privacy only" if one.outcome.severity is None else one.outcome.severity.name.lower()
    return f"{_where(one)}: {_answer(one)}; {cell} × {one.judged.level.name.lower()}."


def clinical_sentence(one: Worked) -> str:
    """`PSIRT-2026-0041, AeroVent 5.4: uncontrolled. Worst: patient death; hypoxia of ventilated adults at night.`"""
    if one.outcome.severity is None:
        return f"{_where(one)}: {_answer(one)}. Data may leak; no patient is harmed."
    worst = max(one.content.harm, key=lambda scenario: scenario.severity or 0)
    means = harm_words(one.outcome.severity, pack_in_force())
    return f"{_where(one)}: {_answer(one)}. Worst: {means}; {worst.words} ({worst.patients}, {worst.use})."


def technical_content(one: Worked) -> Snapshot:
    """Everything, scores and vectors included."""
    scoring = one.content.scoring
    told = answered({answer.question: answer.answer for answer in scoring.answers}) if scoring.answers else None
    return {
        **_common(one),
        "exploitability factors": [f"{one.name}: {one.says} ({one.level.name.lower()})" for one in one.judged.factors],
        "CVSS base vector": f"{scoring.base} ({scoring.base_from})" if scoring.base else "",
        "CVSS metrics set for the device": [
            {"metric": f"{edit.metric}:{edit.value}", "rationale": edit.rationale} for edit in scoring.edits
        ],
        "rubric": "" if told is None else told.extended,
        "rubric answers": [
            {"question": answer.question, "answer": answer.answer.value, "rationale": answer.rationale}
            for answer in scoring.answers
        ],
        "rubric qualification": "" if told is None else QUALIFICATION,
    }


def clinical_content(one: Worked) -> Snapshot:
    """
    What could happen to patients and what stands in the way; no vector.

    The hash of the whole binds the signature to the scores as well: when they change, it no longer fits.
    """
    return {**_common(one), "whole assessment": content_hash({"content": plain(one.assessment.content)})}


def _common(one: Worked) -> dict[str, Value]:
    row, content = one.assessment, one.content
    origin = row.origin
    return {
        "case": row.case.number,
        "patient risk": row.case.title,
        "device": row.version.device.name,
        "version": row.version.label,
        "revision": row.revision,
        "copied from": str(origin) if origin is not None and row.is_inherited else "",
        "differs from its origin": origin is not None and origin.content != row.content,
        "determination": _answer(one),
        "because": one.outcome.why,
        "rule": one.outcome.rule,
        "whose rule": f"{one.outcome.citation.authority.value}: {one.outcome.citation.text}",
        "exploitability": _exploitability(one),
        "exploit impact pathway": [_step(step) for step in content.exploit_impact_pathway.steps],
        "in one line": sentence(content.exploit_impact_pathway),
        "hazards": list(content.exploit_impact_pathway.hazards),
        "harm": [_scenario(scenario) for scenario in content.harm],
        "privacy only": "" if content.privacy is None else content.privacy.statement,
        "rests on": said(one.grounds),
    }


def _where(one: Worked) -> str:
    return f"{one.assessment.case.number}, {one.assessment.version}"


def _answer(one: Worked) -> str:
    return "not determined" if one.outcome.final is None else WORDS[one.outcome.final]


def _exploitability(one: Worked) -> str:
    judged = one.judged
    words = judged.level.name.lower() if judged.known else f"{judged.level.name.lower()} (worst case: not known)"
    if not judged.credits:
        return words
    return f"{words}, lowered from {judged.before_credit.name.lower()} by {'; '.join(judged.credits)}"


def _step(step: Step) -> Value:
    return {
        "step": step.kind.value,
        "in the hazard chain": HAZARD_CHAIN[step.kind],
        "words": step.words,
        "detail": step.detail,
        "controls": [_control(control) for control in step.controls],
    }


def _control(control: StepControl) -> str:
    parts = (control.state.value, control.evidence, control.reach, "credited" if control.credited else "")
    return f"{control.name}: {', '.join(part for part in parts if part)}"


def _scenario(scenario: HarmScenario) -> Value:
    severity = scenario.severity
    means = "" if severity is None else f"{severity.name.lower()}: {harm_words(severity, pack_in_force())}"
    return {
        "use": scenario.use,
        "patients": scenario.patients,
        "what could happen": scenario.words,
        "severity": means,
        "essential performance": scenario.essential_performance.value,
    }
