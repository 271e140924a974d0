"""
Is it a cyber device? The three tests of section 524B(c) FD&C Act (21 USC 360n-2), and whether 524B binds this one.

The article lists networks and ports (Wi-Fi to USB); the statute says "ability to connect to the internet"; FDA reads
that broadly, intended or not, USB and serial included (F15). The statutory test and the features are both kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from postmarket.inventory.words import Answer, Feature, SubmissionType
from postmarket.policy.interface import Authority, Citation

EFFECTIVE = date(2023, 3, 29)
"""Section 524B applies to submissions from this day."""
SUBMISSIONS = frozenset(
    {SubmissionType.K510, SubmissionType.DE_NOVO, SubmissionType.PMA, SubmissionType.PDP, SubmissionType.HDE}
)
"""510(k), 513 (De Novo), 515(c), 515(f), 520(m): section 524B(a)."""

SOFTWARE = Citation(
    Authority.STATUTE, "FD&C Act §524B(c)(1): software validated, installed or authorized by the sponsor"
)
INTERNET = Citation(Authority.STATUTE, "FD&C Act §524B(c)(2): ability to connect to the internet", flags=("F15",))
VULNERABLE = Citation(Authority.STATUTE, "FD&C Act §524B(c)(3): technological characteristics that could be vulnerable")
READING = Citation(Authority.GUIDANCE, "FDA premarket cybersecurity guidance, VII.B", flags=("F15",))
SCOPE = Citation(Authority.STATUTE, "FD&C Act §524B(a)", flags=("F17",))
EXEMPTION = Citation(Authority.STATUTE, "FD&C Act §524B(d)")


@dataclass(frozen=True, slots=True)
class Question:
    """One statutory test as people are asked it."""

    name: str
    text: str
    citation: Citation


QUESTIONS = (
    Question(
        "software", "Does it include software that you validated, installed or authorized in it or as it?", SOFTWARE
    ),
    Question("internet", "Can it connect to the internet, intended or not, by any means at any point?", INTERNET),
    Question(
        "vulnerable", "Does it have technological characteristics, so authorized, that could be vulnerable?", VULNERABLE
    ),
)


class Outcome(StrEnum):
    """What the three tests come to."""

    CYBER_DEVICE = "cyber device"
    NOT_A_CYBER_DEVICE = "not a cyber device"
    OPEN = "open"
    """A test is not answered, and none is answered no."""


@dataclass(frozen=True, slots=True)
class Tests:
    """The answers to the three tests, the features they rest on, and an exemption by FDA if there is one."""

    software: Answer = Answer.UNKNOWN
    internet: Answer = Answer.UNKNOWN
    vulnerable: Answer = Answer.UNKNOWN
    features: frozenset[Feature] = frozenset()
    exemption: str = ""
    """The Federal Register listing that exempts this type of device; empty when there is none."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Something in the answers that speaks against itself; `key` is what its answer is kept by."""

    key: str
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Applies:
    """Whether section 524B binds this device, why, and by which words."""

    answer: Answer
    why: str
    citation: Citation


def outcome(tests: Tests) -> Outcome:
    """All three make a cyber device; one no unmakes it; otherwise it is open."""
    answers = {tests.software, tests.internet, tests.vulnerable}
    if Answer.NO in answers:
        return Outcome.NOT_A_CYBER_DEVICE
    return Outcome.OPEN if Answer.UNKNOWN in answers else Outcome.CYBER_DEVICE


def objections(tests: Tests) -> tuple[Objection, ...]:
    """What in the answers speaks against itself; each has to be answered before it is signed, nothing is overruled."""
    found = []
    if tests.internet is Answer.NO and tests.features:
        named = ", ".join(sorted(feature.value for feature in tests.features))
        found.append(
            Objection(
                "offline-with-features",
                f"It is said not to connect to the internet; it has {named}, which FDA's reading counts.",
                READING,
            )
        )
    if tests.internet is Answer.YES and not tests.features:
        text = "It is said to connect to the internet, and no feature is named by which."
        found.append(Objection("online-without-features", text, READING))
    if tests.software is Answer.NO and tests.vulnerable is Answer.YES:
        text = "It is said to have no software, and characteristics that could be vulnerable."
        found.append(Objection("vulnerable-without-software", text, VULNERABLE))
    return tuple(found)


def applies(tests: Tests, submission: SubmissionType, submitted: date | None) -> Applies:
    """Whether section 524B binds the device: it attaches to a submission made from 2023-03-29 on."""
    found = outcome(tests)
    if found is Outcome.NOT_A_CYBER_DEVICE:
        return Applies(Answer.NO, "It is not a cyber device.", SCOPE)
    if tests.exemption:
        return Applies(Answer.NO, f"FDA exempts it: {tests.exemption}", EXEMPTION)
    if submission is SubmissionType.UNKNOWN:
        return Applies(Answer.UNKNOWN, "How it came to market is not recorded.", SCOPE)
    if submission not in SUBMISSIONS:
        why = (
            f"It came to market as {submission.value}, which is no submission of 524B(a); postmarket guidance applies."
        )
        return Applies(Answer.NO, why, SCOPE)
    if submitted is None:
        return Applies(Answer.UNKNOWN, "The date of its submission is not recorded.", SCOPE)
    if submitted < EFFECTIVE:
        why = f"Its submission of {submitted} is before {EFFECTIVE}; postmarket guidance, 806 and 820 apply."
        return Applies(Answer.NO, why, SCOPE)
    if found is Outcome.OPEN:
        return Applies(Answer.UNKNOWN, "The three tests are not all answered.", SCOPE)
    return Applies(Answer.YES, f"It is a cyber device with a submission of {submitted}.", SCOPE)
