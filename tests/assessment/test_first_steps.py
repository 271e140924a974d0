"""The steps that the system can say by itself, each from what is known and from nothing else."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmarket.assessment.rules.content import Pathway, Step
from postmarket.assessment.rules.fields import LONGEST_LINE, checked_pathway
from postmarket.assessment.rules.first_steps import Surroundings, first_steps, weakness_words
from postmarket.assessment.words import StepKind
from postmarket.policy.interface import ClinicalRole, HarmSeverity

KNOWN = Surroundings(
    vulnerability="CVE-2025-15467",
    weaknesses=("CWE-787",),
    attack_vector="N",
    features={"hospital_network": True, "wifi": True, "bluetooth": False},
    components=(("OpenSSL 3.0.13", ClinicalRole.ALARM, "Protects the alarm gateway."),),
)


def said(known: Surroundings, kind: StepKind) -> tuple[str, str] | None:
    """Words and detail of the step of a kind."""
    return next(((step.words, step.detail) for step in first_steps(known) if step.kind is kind), None)


def test_entry_weakness_and_component_are_known_and_what_follows_is_for_people() -> None:
    """Where it comes in by the device profile, the weakness by its name, the component with its clinical role."""
    assert first_steps(KNOWN) == (
        Step(StepKind.ENTRY, "Hospital network", "also Wi-Fi"),
        Step(StepKind.WEAKNESS, "Out-of-bounds write", "CVE-2025-15467"),
        Step(StepKind.COMPONENT, "OpenSSL 3.0.13", "Protects the alarm gateway"),
    )


def test_nothing_is_made_up() -> None:
    """A kind of which nothing is known has no step; a feature that is off, or not stated, is no way in."""
    assert first_steps(Surroundings()) == ()
    assert said(Surroundings(features={"hospital_network": False}), StepKind.ENTRY) is None
    assert said(Surroundings(attack_vector="N"), StepKind.ENTRY) == ("Network", "attack vector AV:N")


def test_an_attack_by_hand_does_not_come_over_the_network() -> None:
    """Whatever the device is connected to."""
    by_hand = Surroundings(attack_vector="P", features={"hospital_network": True})

    assert said(by_hand, StepKind.ENTRY) == ("Hands on the device", "attack vector AV:P")


def test_a_weakness_without_a_name_of_ours_stands_there_as_it_is() -> None:
    """Its id, else the vulnerability's."""
    assert said(Surroundings(vulnerability="CVE-1", weaknesses=("CWE-99999",)), StepKind.WEAKNESS) == (
        "CWE-99999",
        "CVE-1",
    )
    assert said(Surroundings(vulnerability="CVE-1"), StepKind.WEAKNESS) == ("CVE-1", "")
    assert all(key.removeprefix("CWE-").isdecimal() and len(name) < 34 for key, name in weakness_words().items())


def test_of_several_components_the_one_closest_to_the_patient_comes_first() -> None:
    """The others stand in its detail: the exploit may go through any of them."""
    several = (("zlib 1.2", ClinicalRole.ADMINISTRATIVE, ""), ("zlib 1.1", ClinicalRole.THERAPY, ""))

    assert said(Surroundings(components=several), StepKind.COMPONENT) == ("zlib 1.1", "or zlib 1.2")


def test_harm_that_was_written_before_is_the_last_step() -> None:
    """Shortened to what a box holds."""
    known = Surroundings(harm=("The infusion stops. " * 9, HarmSeverity.CRITICAL))

    step = first_steps(known)[-1]
    assert (step.kind, step.detail) == (StepKind.HARM, "critical")
    assert step.words.endswith("…")


texts = st.text(st.characters(codec="utf-8", categories=["L", "Nd", "Zs"]), min_size=1, max_size=190)
surroundings = st.builds(
    Surroundings,
    vulnerability=texts,
    weaknesses=st.lists(st.sampled_from(sorted(weakness_words())), max_size=3).map(tuple),
    attack_vector=st.sampled_from(["", "N", "A", "L", "P"]),
    features=st.dictionaries(st.sampled_from(["hospital_network", "wifi", "pager"]), st.booleans()),
    components=st.lists(st.tuples(texts.filter(str.strip), st.sampled_from(ClinicalRole), texts), max_size=4).map(
        tuple
    ),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(surroundings)
def test_what_it_says_can_be_kept_as_it_is(known: Surroundings) -> None:
    """In order, and no longer than a step may be."""
    steps = first_steps(known)

    assert all(len(step.words) <= LONGEST_LINE for step in steps)
    if all(step.words.strip() for step in steps):
        assert checked_pathway(Pathway(steps)).steps
