"""The signing ceremony (DESIGN §6): a fresh proof, over exactly what was shown, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.core import context
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse

from postmarket.accounts.errors import LockedOut, NotAllowed, SigningFailed
from postmarket.accounts.models import Ceremony, DeviceLine, Person
from postmarket.accounts.roles import Role
from postmarket.accounts.signing.ceremony import begin_ceremony, lines_of, open_ceremony, sign_ceremony
from postmarket.accounts.signing.interface import signables
from postmarket.accounts.signing.proofs import FreshSignOn, Passkey, PasswordAndCode, begin_passkey
from postmarket.records import Subject
from postmarket.records.errors import SigningRefused
from postmarket.records.meanings import Meaning
from postmarket.records.models import Entry, Signature
from tests.accounts.builders import NOW, PASSWORD, code_of, line, person, with_generator
from tests.accounts.passkeys import HOST, SoftPasskey
from tests.accounts.signing import KIND, PumpDecisions, signable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def something_to_sign() -> Iterator[None]:
    """Three device lines whose names can be signed."""
    for name in ("Pumps", "Ventilators", "Monitors"):
        line(name)
    with signable():
        yield


@pytest.fixture
def jonas() -> Person:
    """A cybersecurity lead, who may decide findings and sign."""
    return person("Jonas Weber", Role.CYBERSECURITY_LEAD, email="jonas@example.com")


def begin(who: Person, *keys: str) -> Ceremony:
    """A list put before somebody."""
    return begin_ceremony(
        person=who,
        subjects=[Subject(KIND, key) for key in keys or ("pumps", "ventilators", "monitors")],
        meaning=Meaning.APPROVED,
        why="Not built in.",
        back_to="/people/",
        now=NOW,
    )


def kinds() -> list[str]:
    """What the trail says happened, in order."""
    return [json.loads(bytes(entry.content))["kind"] for entry in Entry.objects.order_by("number")]


def proof_of(who: Person) -> PasswordAndCode:
    """Password and code of somebody who gets a generator for it."""
    return PasswordAndCode(password=PASSWORD, code=code_of(with_generator(who), at=NOW))


def test_a_batch_is_signed_as_one_with_each_target_s_hash(jonas: Person) -> None:
    """The printed name, the meaning, the factors, and a manifest of exactly what was shown."""
    ceremony = begin(jonas)
    shown = lines_of(ceremony)
    signature = sign_ceremony(person=jonas, key=ceremony.key, proof=proof_of(jonas), now=NOW)

    assert (signature.printed_name, signature.meaning) == ("Jonas Weber", "approved")
    assert signature.factors == "password totp"
    targets = list(signature.targets.order_by("position").values_list("subject_id", "sha256"))
    assert targets == [(one.subject.id, one.sha256) for one in shown]
    assert kinds() == ["signature.signed", "pump.decided", "pump.decided", "pump.decided"]


def test_what_is_shown_is_what_is_hashed(jonas: Person) -> None:
    """Sentence and every field."""
    (shown,) = lines_of(begin(jonas, "pumps"))

    assert shown.sentence == "Pumps is not affected by CVE-2024-5535"
    assert shown.content["component"] == "openssl 3.0.13"
    assert shown.sha256 == PumpDecisions().shown(["pumps"])["pumps"].sha256


def test_a_name_that_changes_later_leaves_the_printed_name(jonas: Person) -> None:
    """21 CFR 11.50: as it was at signing."""
    ceremony = begin(jonas)
    signature = sign_ceremony(person=jonas, key=ceremony.key, proof=proof_of(jonas), now=NOW)
    Person.objects.filter(pk=jonas.pk).update(name="Jonas Weber-Lind")

    assert Signature.objects.get(pk=signature.pk).printed_name == "Jonas Weber"


def test_changed_content_refuses_the_whole_batch(jonas: Person) -> None:
    """And names what changed; nothing is signed, nothing takes effect."""
    ceremony = begin(jonas)
    DeviceLine.objects.filter(key="ventilators").update(name="Ventilators, adult")
    with pytest.raises(SigningFailed, match="1 of 3 are no longer what you saw") as refused:
        sign_ceremony(person=jonas, key=ceremony.key, proof=proof_of(jonas), now=NOW)

    assert "Ventilators is not affected" in refused.value.where
    assert not Signature.objects.exists()
    assert kinds() == []


def test_what_is_gone_cannot_be_signed(jonas: Person) -> None:
    """Nor can the rest of its list."""
    ceremony = begin(jonas)
    DeviceLine.objects.filter(key="monitors").delete()
    with pytest.raises(SigningFailed, match="can no longer be signed"):
        sign_ceremony(person=jonas, key=ceremony.key, proof=proof_of(jonas), now=NOW)


def test_an_effect_that_fails_undoes_the_signature(jonas: Person) -> None:
    """Same transaction: no signature without its effect."""
    DeviceLine.objects.filter(key="monitors").update(name="Broken")
    ceremony = begin(jonas)
    with pytest.raises(RuntimeError):
        sign_ceremony(person=jonas, key=ceremony.key, proof=proof_of(jonas), now=NOW)

    assert not Signature.objects.exists()
    assert open_ceremony(person=jonas, key=ceremony.key, now=NOW).signed_at is None


def test_a_list_is_signed_once(jonas: Person) -> None:
    """A second click finds it signed."""
    ceremony = begin(jonas)
    secret = with_generator(jonas)
    sign_ceremony(person=jonas, key=ceremony.key, proof=PasswordAndCode(PASSWORD, code_of(secret, at=NOW)), now=NOW)
    with pytest.raises(SigningFailed, match="signed already"):
        sign_ceremony(person=jonas, key=ceremony.key, proof=PasswordAndCode(PASSWORD, code_of(secret)), now=NOW)


def test_a_list_waits_half_an_hour(jonas: Person) -> None:
    """Then it is chosen again."""
    ceremony = begin(jonas)
    with pytest.raises(SigningFailed, match="waited too long"):
        open_ceremony(person=jonas, key=ceremony.key, now=NOW + timedelta(minutes=30))


def test_a_list_is_one_person_s(jonas: Person) -> None:
    """Nobody else opens it, knowing its key."""
    ceremony = begin(jonas)
    with pytest.raises(SigningFailed, match="nothing here for you"):
        open_ceremony(person=person("Eve", Role.CYBERSECURITY_LEAD), key=ceremony.key, now=NOW)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.REGULATORY_AFFAIRS])
def test_nobody_is_shown_a_list_they_may_not_sign(role: Role) -> None:
    """Signing asks for the right to sign, and for the right to do what is signed."""
    with pytest.raises(NotAllowed):
        begin(person("Ana Reed", role))


def test_a_role_for_one_line_signs_that_line_only() -> None:
    """A batch that reaches further is refused as a whole."""
    pumps = DeviceLine.objects.get(key="pumps")
    ana = person("Ana Reed", Role.PSIRT_ANALYST, line=pumps)
    begin(ana, "pumps")
    with pytest.raises(NotAllowed):
        begin(ana, "pumps", "monitors")


def test_a_role_lost_meanwhile_signs_nothing(jonas: Person) -> None:
    """Asked again inside the transaction that signs."""
    ceremony = begin(jonas)
    jonas.grants.update(revoked_at=NOW)
    with pytest.raises(NotAllowed):
        sign_ceremony(person=jonas, key=ceremony.key, proof=proof_of(jonas), now=NOW)
    assert not Signature.objects.exists()


@pytest.mark.parametrize("count", [0, 501])
def test_a_list_has_one_to_five_hundred_things(jonas: Person, count: int) -> None:
    """What somebody can look through in one sitting."""
    subjects = [Subject(KIND, f"line-{number}") for number in range(count)]
    with pytest.raises(SigningFailed, match="1 to 500"):
        begin_ceremony(person=jonas, subjects=subjects, meaning=Meaning.APPROVED, why="", back_to="", now=NOW)


def test_a_wrong_password_is_recorded_and_told_at_once(jonas: Person) -> None:
    """21 CFR 11.300(d): to the signer and the administrators; the record outlives the refusal."""
    person("Boss Lee", Role.ADMINISTRATOR, email="boss@example.com")
    ceremony, code = begin(jonas), code_of(with_generator(jonas), at=NOW)
    with pytest.raises(SigningFailed, match="wrong"):
        sign_ceremony(person=jonas, key=ceremony.key, proof=PasswordAndCode("wrong", code), now=NOW)

    assert kinds() == ["signature.failed"]
    assert {address for one in mail.outbox for address in one.to} == {"jonas@example.com", "boss@example.com"}
    assert not Signature.objects.exists()


def test_three_failures_shut_the_signing_door_even_for_the_right_proof(jonas: Person) -> None:
    """Somebody sits in a session that is signed in already."""
    ceremony, secret = begin(jonas), with_generator(jonas)
    for _ in range(3):
        with pytest.raises(SigningFailed):
            sign_ceremony(person=jonas, key=ceremony.key, proof=PasswordAndCode("wrong", "000000"), now=NOW)
    right = PasswordAndCode(PASSWORD, code_of(secret, at=NOW))
    with pytest.raises(LockedOut, match="5 minutes"):
        sign_ceremony(person=jonas, key=ceremony.key, proof=right, now=NOW)
    assert kinds() == ["signature.failed"] * 4

    later = NOW + timedelta(minutes=5)
    again = PasswordAndCode(PASSWORD, code_of(secret, at=later))
    sign_ceremony(person=jonas, key=ceremony.key, proof=again, now=later)


def test_a_code_that_signed_in_does_not_sign(jonas: Person) -> None:
    """A code is used once, at whichever door."""
    ceremony, secret = begin(jonas), with_generator(jonas)
    code = code_of(secret, at=NOW)
    sign_ceremony(person=jonas, key=ceremony.key, proof=PasswordAndCode(PASSWORD, code), now=NOW)
    with pytest.raises(SigningFailed, match="used already"):
        sign_ceremony(person=jonas, key=begin(jonas).key, proof=PasswordAndCode(PASSWORD, code), now=NOW)


def test_somebody_deactivated_meanwhile_signs_nothing(jonas: Person) -> None:
    """Whatever their session says."""
    ceremony, proof = begin(jonas), proof_of(jonas)
    Person.objects.filter(pk=jonas.pk).update(is_active=False)
    with pytest.raises(SigningFailed, match="no longer active"):
        sign_ceremony(person=jonas, key=ceremony.key, proof=proof, now=NOW)


@pytest.fixture
def on_site() -> Iterator[None]:
    """A request of the site, from which a passkey learns whose site it is."""
    request = RequestFactory().get("/", secure=True, HTTP_HOST=HOST)
    request.session = SessionStore()
    with context.request_context(request):
        yield


def test_a_passkey_that_checked_its_user_signs(jonas: Person, on_site: None) -> None:
    """Possession and verification: two components in one."""
    device = SoftPasskey()
    device.kept_by(jonas)
    options, state = begin_passkey(jonas)
    signature = sign_ceremony(person=jonas, key=begin(jonas).key, proof=Passkey(state, device.answer(options)), now=NOW)

    assert signature.factors == "passkey-verified"


def test_a_passkey_s_answer_counts_only_as_it_was_asked_for(jonas: Person, on_site: None) -> None:
    """Not without checking its user, to an older challenge, from another site, by an unknown device, or garbled."""
    device = SoftPasskey()
    device.kept_by(jonas)
    options, state = begin_passkey(jonas)
    older = device.answer(begin_passkey(jonas)[0])
    unverified = SoftPasskey(verifies=False, key=device.key, id=device.id)
    answers = [
        unverified.answer(options),
        older,
        device.answer(options, origin="https://evil.example"),
        SoftPasskey().answer(options),
        {},
        {"id": "x", "response": []},
    ]
    for number, answer in enumerate(answers):
        now = NOW + timedelta(hours=2 * number)
        key = begin_ceremony(
            person=jonas, subjects=[Subject(KIND, "pumps")], meaning=Meaning.APPROVED, why="", back_to="", now=now
        ).key
        with pytest.raises(SigningFailed):
            sign_ceremony(person=jonas, key=key, proof=Passkey(state, answer), now=now)
    assert not Signature.objects.exists()


def sign_on(jonas: Person, **changes: object) -> FreshSignOn:
    """What a provider said of Jonas, just now."""
    SocialAccount.objects.get_or_create(user=jonas, provider="entra", uid="u-7")
    parts = {"provider": "entra", "uid": "u-7", "asked_at": NOW - timedelta(seconds=20), "auth_time": NOW}
    return FreshSignOn(**{**parts, **changes})  # type: ignore[arg-type]  # the tests change one at a time


def test_a_sign_on_made_anew_signs(jonas: Person) -> None:
    """Its time is the provider's word."""
    signature = sign_ceremony(person=jonas, key=begin(jonas).key, proof=sign_on(jonas), now=NOW)

    assert (signature.factors, signature.authenticated_at) == ("oidc-fresh-login", NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"uid": "u-8"},
        {"provider": "other"},
        {"auth_time": NOW - timedelta(minutes=1)},
        {"auth_time": NOW + timedelta(minutes=1)},
        {"asked_at": NOW - timedelta(minutes=4), "auth_time": NOW - timedelta(minutes=3)},
    ],
    ids=["somebody else", "another provider", "an earlier sign-in", "from the future", "minutes ago"],
)
def test_any_other_sign_on_does_not(jonas: Person, changes: dict[str, object]) -> None:
    """`auth_time` is checked against when it was asked for, and against the clock."""
    with pytest.raises((SigningFailed, SigningRefused)):
        sign_ceremony(person=jonas, key=begin(jonas).key, proof=sign_on(jonas, **changes), now=NOW)
    assert not Signature.objects.exists()
    assert kinds() == ["signature.failed"]


def test_the_page_returns_only_to_a_path_of_this_site(jonas: Person) -> None:
    """A link prepared by somebody else leads nowhere else."""
    with_generator(jonas)
    client = Client()
    client.force_login(jonas)
    Ceremony.objects.filter(pk=begin(jonas).pk).update(back_to="//evil.example", expires_at="2100-01-01T00:00Z")
    page = client.get(reverse("accounts:sign", args=[Ceremony.objects.get().key])).content.decode()

    assert "evil.example" not in page


def test_only_what_is_a_signable_is_registered() -> None:
    """A room hears of its slip when the site starts."""
    with pytest.raises(TypeError):
        signables.register(object())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=KIND):
        signables.register(PumpDecisions())
