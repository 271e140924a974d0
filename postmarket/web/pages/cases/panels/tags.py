"""What stands out under the title of a case, patients first; what nobody has said is hatched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeVar

from postmarket.policy.interface import HarmSeverity
from postmarket.scoring.interface import Exploitability
from postmarket.web.components.tags import Meaning
from postmarket.web.pages.cases.panels.assessed import exploitability_of, reasons, severity_of
from postmarket.web.pages.cases.words import DETERMINATIONS, EXPLOITATION
from postmarket.web.pages.findings.words import PRIORITIES

if TYPE_CHECKING:
    from postmarket.assessment.queries.assessments import OfVersion
    from postmarket.cases.queries.case import CaseDetail
    from postmarket.web.pages.cases.panels.assessed import Assessed

Level = TypeVar("Level", bound=IntEnum)


@dataclass(frozen=True, slots=True)
class Tag:
    """A word on its colour."""

    meaning: Meaning
    text: str
    title: str = ""


def tags(found: CaseDetail, of: Assessed) -> list[Tag]:
    """The determination, harm and exploitability, whether it is exploited; rank and scores last."""
    marks = [_determination(found), *_again(of)]
    marks += _worst(of.versions, severity_of, "Harm", HarmSeverity.CRITICAL, HarmSeverity.SERIOUS)
    marks += _worst(of.versions, exploitability_of, "Exploitability", None, Exploitability.MEDIUM)
    marks.append(_exploitation(found))
    return [*marks, *_ranked(found)]


def _determination(found: CaseDetail) -> Tag:
    if found.judged.determination is None:
        return Tag(Meaning.UNKNOWN, "Controlled or not: not signed", "Unknown is never treated as controlled")
    words, meaning = DETERMINATIONS[found.judged.determination]
    return Tag(meaning, words)


def _again(of: Assessed) -> list[Tag]:
    """That what was signed is open again."""
    because = reasons(of)
    return [Tag(Meaning.SOON, "Open again: to be signed anew", " ".join(because))] if because else []


def _exploitation(found: CaseDetail) -> Tag:
    known = found.case.known_exploitation
    if known is None:
        return Tag(Meaning.UNKNOWN, "Exploitation: nobody said")
    words, meaning = EXPLOITATION[known]
    return Tag(meaning, words)


def _worst(
    versions: Sequence[OfVersion],
    level_of: Callable[[OfVersion], tuple[Level | None, bool]],
    name: str,
    harm_from: Level | None,
    soon_from: Level,
) -> list[Tag]:
    """The highest of all versions; unsigned, it says so. Nothing while nothing of it is written."""
    judged = list(map(level_of, versions))
    said = [(level, signed) for level, signed in judged if level is not None]
    if not said:
        return []
    level, signed = max(said)
    meaning = Meaning.SOON if level >= soon_from else Meaning.PLAIN
    if harm_from is not None and level >= harm_from:
        meaning = Meaning.HARM
    words = f"{name}: {level.name.lower()}{'' if signed else ', not signed'}"
    unknown = sum(level is None and not signed for level, signed in judged)
    if unknown:
        # Of versions that nobody judged the worst is not known: what is said of others is no comfort.
        meaning = Meaning.UNKNOWN if meaning is Meaning.PLAIN else meaning
        return [Tag(meaning, f"{words}, {unknown:,} not judged", "The worst of those that are judged")]
    return [Tag(meaning, words, "The worst of its versions")]


def _ranked(found: CaseDetail) -> list[Tag]:
    row, marks = found.case, []
    if found.priority is None:
        marks.append(Tag(Meaning.UNKNOWN, "Not ranked", "Unknown, not low"))
    else:
        words, meaning = PRIORITIES[found.priority]
        why = found.overrides[0].rationale if found.overrides else row.priority_reason
        marks.append(Tag(meaning, f"{words}, set by hand" if found.overrides else words, why))
    if found.facts is not None and found.facts.kev_added is not None:
        marks.append(Tag(Meaning.HARM, "KEV", "Known to be exploited somewhere, by CISA"))
    if found.facts is not None and found.facts.score is not None:
        marks.append(Tag(Meaning.PLAIN, found.facts.score_label))
    if found.judged.score is not None:
        marks.append(
            Tag(Meaning.PLAIN, f"{found.judged.score:.1f} for our device", "Our own score, signed by both leads")
        )
    return marks
