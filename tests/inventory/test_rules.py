"""Fields, suppliers, support and the statutory tests: pure decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.inventory.errors import InvalidDevice, InvalidSupplier, InvalidVersion
from postmarket.inventory.policy import limits
from postmarket.inventory.rules.cyber_device import EFFECTIVE, Outcome, applies, objections, outcome
from postmarket.inventory.rules.cyber_device import Tests as Said
from postmarket.inventory.rules.fields import DeviceFields, check_fields
from postmarket.inventory.rules.kept import profile_read, profile_written, roles_read, roles_written
from postmarket.inventory.rules.suppliers import SupplierFields, check_supplier, review_due
from postmarket.inventory.rules.support import Ending, support
from postmarket.inventory.rules.version_fields import VersionFields, check_count, check_sha256, check_version
from postmarket.inventory.words import Answer, Feature, SubmissionType, SupportStage
from postmarket.matching.interface import DeviceProfile
from postmarket.policy.interface import ClinicalRole
from postmarket.worklist.interface import RoleRule

TODAY = date(2026, 11, 24)
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
PUMP = DeviceFields("Dosimere 3")
SUPPORTED = SupportStage.SUPPORT.value
ENDED = SupportStage.END_OF_SUPPORT.value
ANSWERS = st.sampled_from(Answer)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        (replace(PUMP, name=" "), "name"),
        (replace(PUMP, name="x" * 201), "name"),
        (replace(PUMP, name="Pump\u202e3"), "name"),
        (replace(PUMP, product_code="CB"), "product code"),
        (replace(PUMP, markets=("US", "Germany")), "markets"),
        (replace(PUMP, model_numbers=("",)), "model numbers"),
        (replace(PUMP, submission_number="K123456"), "submission type"),
        (replace(PUMP, intended_use="x" * 4001), "intended use"),
        (replace(PUMP, roles=(RoleRule(" ", ClinicalRole.ALARM),)), "clinical roles"),
        (replace(PUMP, profile=DeviceProfile(operating_systems=("Linux",))), "os"),
    ],
)
def test_a_field_that_cannot_be_right_is_named(fields: DeviceFields, where: str) -> None:
    """So that a form and an import can say which."""
    with pytest.raises(InvalidDevice) as refused:
        check_fields(fields)

    assert where in refused.value.where


def test_fields_are_kept_in_one_form() -> None:
    """Spaces, case and what is given twice."""
    given = replace(
        PUMP, name=" Dosimere  3 ", product_code="frn", markets=("us", "US", "eu"), model_numbers=("a", "a")
    )

    kept = check_fields(given)

    assert (kept.name, kept.product_code) == ("Dosimere 3", "FRN")
    assert (kept.markets, kept.model_numbers) == (("US", "EU"), ("a",))
    assert check_fields(kept) == kept


def test_roles_and_profile_come_back_as_they_were_kept() -> None:
    """In their order: the first rule that fits counts."""
    roles = (RoleRule("z*", ClinicalRole.ALARM, "Carries alarms."), RoleRule("a", ClinicalRole.THERAPY))
    profile = DeviceProfile("arm64", ("cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*",), {"wifi": False})

    assert roles_read(roles_written(roles)) == roles
    assert profile_read(profile_written(profile)) == profile
    assert profile_read({}) == DeviceProfile()


@given(ANSWERS, ANSWERS, ANSWERS)
def test_three_yes_make_a_cyber_device_and_one_no_unmakes_it(software: Answer, internet: Answer, open_: Answer) -> None:
    """Section 524B(c); a test nobody answered is neither."""
    found = outcome(Said(software, internet, open_))

    given = {software, internet, open_}
    assert (found is Outcome.CYBER_DEVICE) == (given == {YES})
    assert (found is Outcome.NOT_A_CYBER_DEVICE) == (NO in given)


@given(ANSWERS, ANSWERS, ANSWERS, st.frozensets(st.sampled_from(Feature)))
def test_a_usb_port_speaks_against_offline(
    software: Answer, internet: Answer, vulnerable: Answer, features: frozenset[Feature]
) -> None:
    """FDA's reading counts features, intended or not (F15); each objection has a key of its own."""
    raised = {one.key for one in objections(Said(software, internet, vulnerable, features))}

    assert ("offline-with-features" in raised) == (internet is NO and bool(features))
    assert ("online-without-features" in raised) == (internet is YES and not features)
    assert ("vulnerable-without-software" in raised) == (software is NO and vulnerable is YES)


CYBER = Said(YES, YES, YES, frozenset({Feature.WIFI}))


@pytest.mark.parametrize(
    ("tests", "submission", "submitted", "answer", "why"),
    [
        (CYBER, SubmissionType.K510, EFFECTIVE, YES, "It is a cyber device"),
        (CYBER, SubmissionType.K510, EFFECTIVE - timedelta(days=1), NO, "before 2023-03-29"),
        (CYBER, SubmissionType.EXEMPT, None, NO, "no submission of 524B"),
        (CYBER, SubmissionType.K510, None, UNKNOWN, "date of its submission"),
        (CYBER, SubmissionType.UNKNOWN, EFFECTIVE, UNKNOWN, "How it came to market"),
        (replace(CYBER, internet=UNKNOWN), SubmissionType.PMA, EFFECTIVE, UNKNOWN, "not all answered"),
        (replace(CYBER, internet=NO), SubmissionType.PMA, EFFECTIVE, NO, "not a cyber device"),
        (replace(CYBER, exemption="90 FR 1"), SubmissionType.PMA, EFFECTIVE, NO, "90 FR 1"),
    ],
)
def test_section_524b_binds_submissions_from_its_day_on(
    tests: Said, submission: SubmissionType, submitted: date | None, answer: Answer, why: str
) -> None:
    """A device from before is no less a cyber device; other rules apply to it."""
    found = applies(tests, submission, submitted)

    assert found.answer is answer
    assert why in found.why


@given(st.integers(-800, 800))
def test_support_ends_after_its_day(days: int) -> None:
    """The day itself is supported; what is near is as policy says."""
    ahead = limits().support_forecast

    found = support(
        stage=SUPPORTED,
        ends_on=TODAY + timedelta(days=days),
        device_stage=SUPPORTED,
        device_ends_on=None,
        today=TODAY,
        ahead=ahead,
    )

    expected = Ending.PASSED if days < 0 else Ending.SOON if days <= ahead.days else Ending.LATER
    assert found.ending is expected


@pytest.mark.parametrize(
    ("stage", "ends_on", "device_stage", "device_ends_on", "ending"),
    [
        ("", None, SUPPORTED, date(2026, 1, 1), Ending.PASSED),
        ("", None, ENDED, None, Ending.PASSED),
        ("", None, SUPPORTED, None, Ending.UNKNOWN),
        (SUPPORTED, date(2027, 1, 1), ENDED, date(2020, 1, 1), Ending.SOON),
        (ENDED, date(2036, 1, 1), SUPPORTED, None, Ending.PASSED),
    ],
)
def test_a_version_follows_its_device_where_it_says_nothing(
    stage: str, ends_on: date | None, device_stage: str, device_ends_on: date | None, ending: Ending
) -> None:
    """And nobody's word is no word: unknown, never later."""
    found = support(
        stage=stage,
        ends_on=ends_on,
        device_stage=device_stage,
        device_ends_on=device_ends_on,
        today=TODAY,
        ahead=limits().support_forecast,
    )

    assert found.ending is ending


def test_a_supplier_never_reviewed_is_due() -> None:
    """Nobody's review is none."""
    allowed = limits().supplier_review

    assert review_due(None, today=TODAY, allowed=allowed).answer is YES
    assert review_due(TODAY - timedelta(days=allowed.days), today=TODAY, allowed=allowed).answer is NO
    assert review_due(TODAY - timedelta(days=allowed.days + 1), today=TODAY, allowed=allowed).answer is YES


@pytest.mark.parametrize("contact", ["security@example.com", "https://example.com/security", ""])
def test_a_security_contact_can_be_reached(contact: str) -> None:
    """By mail or on the web."""
    assert check_supplier(SupplierFields("Quellmar", contact), today=TODAY).security_contact == contact


@pytest.mark.parametrize(
    "contact", ["javascript:alert(1)", "http://example.com", "call Anna", "https://", "https://[::1"]
)
def test_what_cannot_be_opened_is_no_contact(contact: str) -> None:
    """The page makes a link of it."""
    with pytest.raises(InvalidSupplier, match="neither a mail nor a web address"):
        check_supplier(SupplierFields("Quellmar", contact), today=TODAY)


def test_names_of_a_supplier_are_kept_as_they_are_compared() -> None:
    """Its own is among them."""
    kept = check_supplier(SupplierFields("Quellmar GmbH", names=("QUELLMAR", "Quellmar Software, Inc.")), today=TODAY)

    assert kept.names == ("quellmar", "quellmar_software")


@pytest.mark.parametrize(("text", "kept"), [("", ""), (" " + "AB" * 32, "ab" * 32)])
def test_a_sha256_is_kept_in_lower_case(text: str, kept: str) -> None:
    """Or unknown."""
    assert check_sha256(text) == kept


@pytest.mark.parametrize("wrong", ["abc", "g" * 64, "a" * 63])
def test_what_is_no_sha256_is_refused(wrong: str) -> None:
    """Half a hash proves nothing."""
    with pytest.raises(InvalidVersion, match="64 hexadecimal digits"):
        check_sha256(wrong)


def test_support_does_not_end_before_release() -> None:
    """One of the two is a typing mistake."""
    with pytest.raises(InvalidVersion, match="before the version is released"):
        check_version(VersionFields("1", date(2026, 1, 2), None, date(2026, 1, 1)))


@pytest.mark.parametrize(("units", "days"), [(-1, 0), (2**31, 0), (1, 2)])
def test_nobody_counts_that(units: int, days: int) -> None:
    """Fewer than none, more than the column holds, tomorrow's stock."""
    with pytest.raises(InvalidVersion):
        check_count(units, TODAY + timedelta(days=days), today=TODAY)
