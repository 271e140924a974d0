"""
What a decision rests on, and which change of it re-opens the decision.

A decision names some premises; what changes elsewhere never re-opens it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from postmarket.documents.vex.interface import Status
from postmarket.matching.interface import Grade
from postmarket.monitoring.rules.answers import Answer
from postmarket.monitoring.words import Premise
from postmarket.policy.interface import Authority, Citation

NONE = "none"


class Grounds(msgspec.Struct, frozen=True):
    """
    Everything decisions on one component of one device version can rest on, at one moment.

    `kev` is the day it was added to CISA's catalogue, "" when it is not there. `exploit` is an ExploitMaturity.
    `score` is the CVSS score with its version in words, "" for none. `ranges` are the sources' words on what is
    affected, `grade` how sure the match is ("none": nothing matches any more). `names` are all of the alias group.
    `listed` says whether the version's SBOM lists the component.
    """

    kev: str = ""
    exploit: str = ""
    epss: float | None = None
    score: str = ""
    grade: str = NONE
    ranges: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    rejected: bool = False
    listed: bool = True
    policy: str = ""


@dataclass(frozen=True, slots=True)
class PremiseTable:
    """Which premises each answer names, and how far EPSS may rise."""

    by_status: Mapping[str, frozenset[Premise]]
    by_justification: Mapping[str, frozenset[Premise]]
    epss_jump: float
    citation: Citation


@cache
def premise_table() -> PremiseTable:
    """The table that comes with postmarket (decisions.toml)."""
    written = tomllib.loads(files("postmarket.monitoring").joinpath("decisions.toml").read_text("utf-8"))
    return PremiseTable(
        by_status={key: frozenset(map(Premise, names)) for key, names in written["premises"].items()},
        by_justification={
            key: frozenset(map(Premise, names)) for key, names in written["premises_of_not_affected"].items()
        },
        epss_jump=float(written["epss_jump"]),
        citation=Citation(Authority(written["authority"]), written["text"]),
    )


def named_by(answer: Answer) -> frozenset[Premise]:
    """The premises an answer rests on."""
    table = premise_table()
    if answer.status is Status.NOT_AFFECTED:
        return table.by_justification[answer.justification.value]
    return table.by_status[answer.status.value]


def changes(before: Grounds, now: Grounds, premises: Collection[Premise]) -> tuple[str, ...]:
    """What changed of the named premises, in words with the old value first; nothing when the decision stands."""
    found = [_CHANGE[premise](before, now) for premise in Premise if premise in premises]
    return tuple(sentence for sentence in found if sentence)


def _kev(before: Grounds, now: Grounds) -> str:
    if before.kev == now.kev:
        return ""
    if not before.kev:
        return f"It was not in CISA's catalogue of exploited vulnerabilities; it was added on {now.kev}."
    if not now.kev:
        return f"It was in CISA's catalogue of exploited vulnerabilities (added {before.kev}); it no longer is."
    return f"Its date in CISA's catalogue of exploited vulnerabilities was {before.kev}; it is {now.kev}."


def _exploit(before: Grounds, now: Grounds) -> str:
    return _was("What is known of exploits", before.exploit, now.exploit)


def _epss(before: Grounds, now: Grounds) -> str:
    rise = (now.epss or 0.0) - (before.epss or 0.0)
    if round(rise, 6) < premise_table().epss_jump:
        return ""
    then = "unknown" if before.epss is None else f"{before.epss:.3f}"
    return f"The probability of exploitation (EPSS) was {then}; it is {now.epss or 0.0:.3f}."


def _score(before: Grounds, now: Grounds) -> str:
    return _was("The score", before.score or "unknown", now.score or "unknown")


def _range(before: Grounds, now: Grounds) -> str:
    if now.grade == NONE and before.grade != NONE:
        return "No source matches it any more." if now.listed else ""
    if before.grade != now.grade:
        return _was("The match", before.grade, now.grade)
    new = sorted(set(now.ranges) - set(before.ranges))
    gone = sorted(set(before.ranges) - set(now.ranges))
    if not new and not gone:
        return ""
    said = [f"said no more: {'; '.join(gone)}"] if gone else []
    said += [f"said now: {'; '.join(new)}"] if new else []
    return f"What the sources call affected changed ({'. '.join(said)})."


def _component(before: Grounds, now: Grounds) -> str:
    if before.listed == now.listed:
        return ""
    return "The SBOM lists the component again." if now.listed else "The SBOM no longer lists the component."


def _group(before: Grounds, now: Grounds) -> str:
    if set(before.names) == set(now.names):
        return ""
    return f"It went by the names {', '.join(before.names)}; the names are now {', '.join(now.names) or 'none'}."


def _rejected(before: Grounds, now: Grounds) -> str:
    if before.rejected == now.rejected:
        return ""
    return "Every source has rejected or withdrawn it." if now.rejected else "A source stands by it again."


def _policy(before: Grounds, now: Grounds) -> str:
    return _was("The policy", before.policy, now.policy)


def _was(what: str, before: str, now: str) -> str:
    return "" if before == now else f"{what} was {before or 'unknown'}; it is {now or 'unknown'}."


_CHANGE = {
    Premise.KEV: _kev,
    Premise.EXPLOIT: _exploit,
    Premise.EPSS: _epss,
    Premise.SCORE: _score,
    Premise.RANGE: _range,
    Premise.COMPONENT: _component,
    Premise.GROUP: _group,
    Premise.REJECTED: _rejected,
    Premise.POLICY: _policy,
}


def grade_word(grade: Grade) -> str:
    """A grade as Grounds keep it."""
    return grade.name.lower()


def said(grounds: Grounds, premises: Collection[Premise]) -> dict[str, str]:
    """The named premises as they are, in words: what a person sees and signs."""
    words = {
        Premise.KEV: f"added {grounds.kev}" if grounds.kev else "not in the catalogue",
        Premise.EXPLOIT: grounds.exploit or "unknown",
        Premise.EPSS: "unknown" if grounds.epss is None else f"{grounds.epss:.3f}",
        Premise.SCORE: grounds.score or "unknown",
        Premise.RANGE: f"{grounds.grade}: {'; '.join(grounds.ranges)}" if grounds.ranges else grounds.grade,
        Premise.COMPONENT: "listed" if grounds.listed else "not listed",
        Premise.GROUP: ", ".join(grounds.names),
        Premise.REJECTED: "rejected" if grounds.rejected else "not rejected",
        Premise.POLICY: grounds.policy,
    }
    return {premise.value: words[premise] for premise in Premise if premise in premises}
