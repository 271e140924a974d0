"""Whether a device is a cyber device: drafted, argued, signed, superseded."""

from __future__ import annotations

from datetime import datetime

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from postmarket.accounts.errors import NotAllowed, SigningFailed
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import HOLDERS, Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.signing.ceremony import begin_ceremony, sign_ceremony
from postmarket.accounts.signing.proofs import PasswordAndCode
from postmarket.inventory.errors import NotSignable
from postmarket.inventory.models import Determination, Device
from postmarket.inventory.queries.standing import NOTHING, State, standings
from postmarket.inventory.rules.cyber_device import Outcome
from postmarket.inventory.rules.cyber_device import Tests as Said
from postmarket.inventory.rules.fields import DeviceFields
from postmarket.inventory.services.determinations import draft_determination
from postmarket.inventory.services.devices import edit_device
from postmarket.inventory.words import Answer, Feature, SubmissionType
from postmarket.records.meanings import Meaning
from postmarket.records.queries import SignatureStatus, signature_state
from tests.builders import NOW
from tests.inventory.builders import LATER, WHY, day, device, kinds, line, manager, person

pytestmark = pytest.mark.django_db

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
CYBER = Said(YES, YES, YES, frozenset({Feature.WIFI, Feature.USB}))
OFFLINE = Said(YES, NO, YES, frozenset({Feature.USB}))
SECRET = generate_totp_secret()


@pytest.fixture
def pump() -> Device:
    """A pump with a submission of 2026."""
    return device(
        "Dosimere 3",
        submission_type=SubmissionType.K510,
        submission_number="K261234",
        submission_date=day("2026-01-15"),
    )


@pytest.fixture
def lead() -> Person:
    """A cybersecurity lead who can sign."""
    found = person(Role.CYBERSECURITY_LEAD, name="Dr. Amara Okafor")
    found.set_password("a sentence as password")
    found.save()
    TOTP.activate(found, SECRET)
    return found


def draft(by: Person, pump: Device, tests: Said = CYBER, now: datetime = NOW, **answers: str) -> Determination:
    """A draft with a rationale."""
    return draft_determination(
        by=by,
        device=pump,
        tests=tests,
        rationale="See the architecture view, revision 4.",
        answers={key.replace("_", "-"): said for key, said in answers.items()},
        why=WHY,
        now=now,
    )


def sign(by: Person, determination: Determination, now: datetime = NOW) -> None:
    """The whole ceremony."""
    ceremony = begin_ceremony(
        person=by, subjects=[determination.subject], meaning=Meaning.APPROVED, why=WHY, back_to="/", now=now
    )
    code = format_hotp_value(hotp_value(SECRET, int(now.timestamp()) // 30))
    sign_ceremony(person=by, key=ceremony.key, proof=PasswordAndCode("a sentence as password", code), now=now)


def test_a_draft_is_in_force_once_it_is_signed(pump: Device, lead: Person) -> None:
    """And the standing says what it comes to, and whether 524B binds the device."""
    assert standings([pump])[pump.pk] == NOTHING
    made = draft(lead, pump)
    assert standings([pump])[pump.pk].state is State.DRAFT

    sign(lead, made)

    standing = standings([pump])[pump.pk]
    assert (standing.state, standing.outcome) == (State.SIGNED, Outcome.CYBER_DEVICE)
    assert standing.applies is not None
    assert standing.applies.answer is YES
    assert standing.determination is not None
    assert standing.determination.signature is not None
    assert standing.determination.signature.printed_name == "Dr. Amara Okafor"
    assert kinds(made) == ["determination.drafted", "determination.signed"]


def test_what_is_signed_is_all_that_it_rests_on(pump: Device, lead: Person) -> None:
    """Answers, features, submission, rationale, and whether the statute applies."""
    made = draft(lead, pump)
    ceremony = begin_ceremony(
        person=lead, subjects=[made.subject], meaning=Meaning.APPROVED, why=WHY, back_to="/", now=NOW
    )

    assert "Dosimere 3: it is a cyber device in the sense of section 524B(c)" in ceremony.shown
    for said in ("Can it connect to the internet", "K261234", "Wi-Fi", "See the architecture view", "524B(a)"):
        assert said in ceremony.shown


def test_a_later_one_supersedes_it_and_both_stay(pump: Device, lead: Person) -> None:
    """What counted last year can still be read."""
    first = draft(lead, pump)
    sign(lead, first)

    second = draft(lead, pump, OFFLINE, LATER, offline_with_features="The port is sealed.")
    assert standings([pump])[pump.pk].determination == first
    sign(lead, second, LATER)

    first.refresh_from_db()
    assert (first.superseded_at, second.pk != first.pk) == (LATER, True)
    assert standings([pump])[pump.pk].outcome is Outcome.NOT_A_CYBER_DEVICE
    assert kinds(first)[-1] == "determination.superseded"


def test_a_device_has_one_draft(pump: Device, lead: Person) -> None:
    """Writing it again changes that one, and the record keeps both."""
    first = draft(lead, pump)
    again = draft(lead, pump, OFFLINE, LATER, offline_with_features="The port is sealed.")

    assert first.pk == again.pk
    assert kinds(first) == ["determination.drafted", "determination.drafted"]


def test_a_draft_that_changed_since_it_was_shown_is_not_signed(pump: Device, lead: Person) -> None:
    """What is signed is what was shown."""
    made = draft(lead, pump)
    ceremony = begin_ceremony(
        person=lead, subjects=[made.subject], meaning=Meaning.APPROVED, why=WHY, back_to="/", now=NOW
    )
    draft(lead, pump, OFFLINE, NOW, offline_with_features="The port is sealed.")
    code = format_hotp_value(hotp_value(SECRET, int(NOW.timestamp()) // 30))

    with pytest.raises(SigningFailed, match="changed since it was shown"):
        sign_ceremony(person=lead, key=ceremony.key, proof=PasswordAndCode("a sentence as password", code), now=NOW)
    made.refresh_from_db()
    assert made.signature is None


def test_another_submission_outdates_it(pump: Device, lead: Person) -> None:
    """Whether 524B binds the device depends on it; the signature itself still stands for what was signed."""
    made = draft(lead, pump)
    sign(lead, made)
    fields = DeviceFields("Dosimere 3", submission_type=SubmissionType.K510, submission_date=day("2021-01-15"))

    edit_device(by=manager(), device=pump, fields=fields, line=None, why=WHY, now=LATER)

    pump.refresh_from_db()
    standing = standings([pump])[pump.pk]
    assert standing.state is State.OUTDATED
    assert standing.applies is not None
    assert standing.applies.answer is NO
    assert signature_state(made, "other").status is SignatureStatus.VOID


def test_a_draft_of_another_submission_cannot_be_signed(pump: Device, lead: Person) -> None:
    """It is drafted anew first."""
    made = draft(lead, pump)
    edit_device(by=manager(), device=pump, fields=DeviceFields("Dosimere 3"), line=None, why=WHY, now=LATER)

    with pytest.raises(SigningFailed, match="can no longer be signed"):
        sign(lead, made)


@pytest.mark.parametrize("tests", [Said(YES, UNKNOWN, YES), Said(), Said(YES, YES, UNKNOWN)])
def test_an_open_test_is_no_determination(pump: Device, lead: Person, tests: Said) -> None:
    """Unknown is never no."""
    with pytest.raises(NotSignable, match="not answered"):
        draft(lead, pump, tests)

    assert not Determination.objects.exists()


def test_an_objection_has_to_be_answered(pump: Device, lead: Person) -> None:
    """A USB port counts by FDA's reading; whoever says offline says why."""
    with pytest.raises(NotSignable, match="it has USB"):
        draft(lead, pump, OFFLINE)

    made = draft(lead, pump, OFFLINE, offline_with_features="The port is sealed.", something_else="Not raised.")
    assert made.answers == {"offline-with-features": "The port is sealed."}


@pytest.mark.parametrize("role", Role)
def test_who_may_determine_is_the_table_s_say(pump: Device, role: Role) -> None:
    """Every role."""
    if role in HOLDERS[Permission.DEVICES_DETERMINE]:
        assert draft(person(role), pump).pk
    else:
        with pytest.raises(NotAllowed, match="cyber device"):
            draft(person(role), pump)


def test_nobody_signs_for_another_line(pump: Device, lead: Person) -> None:
    """A lead for monitors determines no pump."""
    other = person(Role.CYBERSECURITY_LEAD, line=line("monitors"))
    with pytest.raises(NotAllowed):
        sign(other, draft(lead, pump))
