"""
The steps of a pathway that the system can say by itself: where an attack comes in, by which weakness, in what.

What follows for the device and the patient is for people to say. Each detail names what the step is taken from.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from postmarket.assessment.rules.content import Step
from postmarket.assessment.words import StepKind
from postmarket.policy.interface import ClinicalRole, HarmSeverity

LONGEST = 60
"""Characters of a step's words that the picture holds in four lines."""
_AWAY = {
    "hospital_network": "Hospital network",
    "wifi": "Wi-Fi",
    "bluetooth": "Bluetooth",
    "cellular": "Cellular network",
    "cloud": "Cloud connection",
}
"""Features of a device profile by which something comes in from elsewhere, the widest door first."""
_REACH = {"N": "Network", "A": "Adjacent network", "L": "A program or person on the device", "P": "Hands on the device"}
"""CVSS attack vector in words."""
_ROLES = {
    ClinicalRole.THERAPY: "delivers therapy",
    ClinicalRole.ALARM: "on the alarm path",
    ClinicalRole.MONITORING: "monitors the patient",
    ClinicalRole.DIAGNOSIS: "serves diagnosis",
    ClinicalRole.WORKFLOW: "carries the workflow",
    ClinicalRole.ADMINISTRATIVE: "administrative",
}


class Surroundings(msgspec.Struct, frozen=True):
    """
    What is known around a case and a device version, as plain values.

    `attack_vector` is CVSS's letter, "" when no source scored it. `features` are the device profile's, true or false;
    one that is not stated is not there. `components` are those it matches: name, role, and why they have it. `harm` is
    the worst that was written of patients before, with its severity.
    """

    vulnerability: str = ""
    weaknesses: tuple[str, ...] = ()
    attack_vector: str = ""
    features: Mapping[str, bool] = {}
    components: tuple[tuple[str, ClinicalRole, str], ...] = ()
    harm: tuple[str, HarmSeverity | None] | None = None


@cache
def weakness_words() -> Mapping[str, str]:
    """MITRE's names of common weaknesses, shortened, by their CWE id (weaknesses.toml)."""
    said: dict[str, str] = tomllib.loads(files("postmarket.assessment").joinpath("weaknesses.toml").read_text("utf-8"))
    return said


def first_steps(known: Surroundings) -> tuple[Step, ...]:
    """What can be said, in order; a kind of which nothing is known has no step."""
    found = (_entry(known), _weakness(known), *_components(known), _harm(known))
    return tuple(step for step in found if step is not None)


def _entry(known: Surroundings) -> Step | None:
    there = [words for feature, words in _AWAY.items() if known.features.get(feature)]
    reach = _REACH.get(known.attack_vector, "")
    if known.attack_vector in ("L", "P"):
        return Step(StepKind.ENTRY, reach, f"attack vector AV:{known.attack_vector}")
    if there:
        others = f"also {', '.join(there[1:])}" if there[1:] else "device profile"
        return Step(StepKind.ENTRY, there[0], others)
    return Step(StepKind.ENTRY, reach, f"attack vector AV:{known.attack_vector}") if reach else None


def _weakness(known: Surroundings) -> Step | None:
    if not known.vulnerability and not known.weaknesses:
        return None
    named = next((one for one in known.weaknesses if one in weakness_words()), None)
    words = weakness_words()[named] if named else next(iter(known.weaknesses), "") or known.vulnerability
    return Step(StepKind.WEAKNESS, words, known.vulnerability if known.vulnerability != words else "")


def _components(known: Surroundings) -> list[Step]:
    """One step for one component; several are one step too, since the exploit goes through any of them."""
    if not known.components:
        return []
    ranked = sorted(known.components, key=lambda one: (list(ClinicalRole).index(one[1]), one[0]))
    name, role, why = ranked[0]
    detail = " ".join(why.split()).rstrip(".") or _ROLES.get(role, "")
    if ranked[1:]:
        detail = f"or {', '.join(one[0] for one in ranked[1:3])}{' …' if ranked[3:] else ''}"
    return [Step(StepKind.COMPONENT, shortened(name), shortened(detail))]


def _harm(known: Surroundings) -> Step | None:
    if known.harm is None:
        return None
    words, severity = known.harm
    return Step(StepKind.HARM, shortened(words), severity.name.lower() if severity is not None else "")


def shortened(text: str) -> str:
    """One line that fits a box; cut at a word."""
    plain = " ".join(text.split())
    if len(plain) <= LONGEST:
        return plain
    return f"{plain[:LONGEST].rsplit(' ', 1)[0].rstrip(',;:.')} …"
