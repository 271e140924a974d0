"""
What a signed assessment rests on, and which change of it re-opens the assessment.

What the sources say of the vulnerability is compared as monitoring compares it for decisions; the rest is ours.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from postmarket.monitoring.rules import premises as of_findings
from postmarket.monitoring.rules.premises import Grounds as Told
from postmarket.monitoring.words import Premise

OF_VULNERABILITY = (
    Premise.KEV,
    Premise.EXPLOIT,
    Premise.EPSS,
    Premise.SCORE,
    Premise.GROUP,
    Premise.REJECTED,
    Premise.POLICY,
)


class Grounds(msgspec.Struct, frozen=True):
    """
    Everything an assessment of one device version rests on, at one moment.

    `told` is what sources say of the vulnerability and which policy is in force; None when nothing of ours matches it
    any more, so that nobody follows it: then only `components` says so. `components` are those of the version that it
    matches, in words with how sure. `exploitation` is that of our devices, "" when nobody has said. `withdrawn` names
    credited controls that are no longer there.
    """

    told: Told | None = None
    exploitation: str = ""
    components: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()


def changes(before: Grounds, now: Grounds) -> tuple[str, ...]:
    """What changed, in words with the old value first; nothing when the assessment stands."""
    told = (
        () if before.told is None or now.told is None else of_findings.changes(before.told, now.told, OF_VULNERABILITY)
    )
    return (
        *told,
        *_exploitation(before, now),
        *_components(before, now),
        *_controls(before, now),
    )


def _exploitation(before: Grounds, now: Grounds) -> Iterator[str]:
    if before.exploitation != now.exploitation:
        yield f"Exploitation of our devices was {_said(before.exploitation)}; it is {_said(now.exploitation)}."


def _said(exploitation: str) -> str:
    return exploitation or "not said"


def _components(before: Grounds, now: Grounds) -> Iterator[str]:
    if set(before.components) != set(now.components):
        then, here = ", ".join(before.components) or "none", ", ".join(now.components) or "none"
        yield f"The components it matches were {then}; they are {here}."


def _controls(before: Grounds, now: Grounds) -> Iterator[str]:
    for name in sorted(set(now.withdrawn) - set(before.withdrawn)):
        yield f"The control {name} was credited; it was withdrawn."


def said(grounds: Grounds) -> dict[str, str]:
    """The premises as they are, in words: what a person sees, and signs."""
    return {
        **({} if grounds.told is None else of_findings.said(grounds.told, OF_VULNERABILITY)),
        "exploitation": _said(grounds.exploitation),
        "components": ", ".join(grounds.components) or "none",
        "controls withdrawn": ", ".join(grounds.withdrawn) or "none",
    }
