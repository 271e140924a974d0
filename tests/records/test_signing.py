"""Signatures: over the hash of exactly what was shown, void when it changes, and a failure recorded and told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from postmarket import records
from postmarket.records import Actor, ActorKind, Subject
from postmarket.records.alerts import Alert, AlertKind
from postmarket.records.canonical import content_hash
from postmarket.records.errors import RecordRefused, SigningRefused
from postmarket.records.meanings import Authentication, Factor, Meaning, Target
from postmarket.records.models import Entry, Signature
from postmarket.records.problems import Fault
from postmarket.records.queries import SignatureStatus, signature_state
from postmarket.records.signing import note_failure, sign
from tests.records.attacker import execute, found
from tests.records.builders import ANALYST, FEEDS, LEAD, NOON, PUMP, VENTILATOR, record

pytestmark = pytest.mark.django_db
SHOWN = content_hash({"decision": "not affected", "why": "The component is not in the build."})
CHANGED = content_hash({"decision": "affected", "why": "The component is not in the build."})
TWO_FACTORS = frozenset({Factor.PASSWORD, Factor.TOTP})


def proof(*factors: Factor, at: datetime = NOON) -> Authentication:
    """How the signer showed who they are; by password and code when nothing else is said."""
    return Authentication(frozenset(factors) or TWO_FACTORS, at=at)


def signed(
    *,
    signer: Actor = LEAD,
    manifest: tuple[Target, ...] = (Target(PUMP, SHOWN),),
    authentication: Authentication | None = None,
    meaning: Meaning = Meaning.APPROVED,
    at: datetime = NOON,
) -> Signature:
    """Sign; a test names only what it is about."""
    return sign(signer=signer, meaning=meaning, manifest=manifest, authentication=authentication or proof(at=at), at=at)


def test_a_signature_says_who_when_and_what_it_means() -> None:
    """21 CFR 11.50(a): the printed name as it then was, date and time, and the meaning."""
    signed()

    state = signature_state(PUMP, SHOWN)
    (one,) = state.signatures
    assert state.status is SignatureStatus.VALID
    assert (one.printed_name, one.at, one.meaning, one.site_zone) == ("Dr. Amara Okafor", NOON, Meaning.APPROVED, "UTC")
    assert not one.void
    assert found() == []


def test_the_printed_name_stays_when_the_person_is_called_otherwise() -> None:
    """It is a snapshot."""
    signed()
    record("person.renamed", subject=Subject("person", LEAD.id), actor=Actor(LEAD.id, "A. Meier", ActorKind.HUMAN))

    assert signature_state(PUMP, SHOWN).signatures[0].printed_name == "Dr. Amara Okafor"


def test_changed_content_voids_it_visibly_and_the_old_one_stays_in_sight() -> None:
    """21 CFR 11.70: it is linked to what was shown, and to nothing else; signing anew makes it valid again."""
    assert signature_state(PUMP, SHOWN).status is SignatureStatus.NONE
    signed()
    state = signature_state(PUMP, CHANGED)
    assert (state.status, [one.void for one in state.signatures]) == (SignatureStatus.VOID, [True])

    signed(manifest=(Target(PUMP, CHANGED),), at=NOON + timedelta(hours=1))
    state = signature_state(PUMP, CHANGED)
    assert (state.status, [one.void for one in state.signatures]) == (SignatureStatus.VALID, [True, False])


def test_a_meaning_is_not_another() -> None:
    """Who reviewed has not approved."""
    signed(meaning=Meaning.REVIEWED)

    assert signature_state(PUMP, SHOWN, meaning=Meaning.REVIEWED).status is SignatureStatus.VALID
    assert signature_state(PUMP, SHOWN, meaning=Meaning.APPROVED).status is SignatureStatus.NONE


def test_one_ceremony_signs_a_list_each_target_with_its_own_hash() -> None:
    """One entry, whose manifest names every line."""
    signed(manifest=(Target(PUMP, SHOWN), Target(VENTILATOR, CHANGED)))

    assert Entry.objects.count() == 1
    assert signature_state(VENTILATOR, CHANGED).status is SignatureStatus.VALID
    assert signature_state(VENTILATOR, SHOWN).status is SignatureStatus.VOID


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"authentication": proof(at=NOON - timedelta(minutes=2, seconds=1))}, "older than two minutes"),
        ({"authentication": proof(at=NOON + timedelta(seconds=6))}, "from the future"),
        ({"authentication": proof(Factor.PASSWORD)}, "demands two"),
        ({"authentication": proof(Factor.TOTP)}, "demands two"),
        ({"signer": FEEDS}, "Only a person"),
        ({"manifest": ()}, "nothing to sign"),
        ({"manifest": (Target(PUMP, SHOWN), Target(PUMP, CHANGED))}, "twice"),
    ],
    ids=["old", "future", "password alone", "code alone", "machine", "empty", "twice"],
)
def test_what_proves_too_little_signs_nothing_and_is_recorded_and_told(
    how: dict[str, object], why: str, told: list[Alert]
) -> None:
    """21 CFR 11.200, 11.300(d)."""
    with pytest.raises(SigningRefused, match=why):
        signed(**how)  # type: ignore[arg-type]

    assert not Signature.objects.exists()
    assert list(Entry.objects.values_list("kind", flat=True)) == ["signature.failed"]
    assert [alert.kind for alert in told] == [AlertKind.SIGNING_FAILED]
    assert why in told[0].text


@pytest.mark.parametrize("factor", [Factor.PASSKEY_VERIFIED, Factor.OIDC_FRESH_LOGIN])
def test_a_passkey_or_a_fresh_single_sign_on_is_two_components_in_one(factor: Factor) -> None:
    """Possession and user verification; or identification code and password, at the provider."""
    signed(authentication=proof(factor))

    assert signature_state(PUMP, SHOWN).status is SignatureStatus.VALID


def test_a_failed_signing_is_recorded_although_the_act_around_it_is_undone(told: list[Alert]) -> None:
    """The room that called did its own change, which is gone; that somebody tried is not."""
    with pytest.raises(SigningRefused), records.act(actor=ANALYST, at=NOON, why="Decide.") as act:
        act.note("finding.decided", subject=PUMP)
        signed(authentication=proof(Factor.PASSWORD))

    assert list(Entry.objects.values_list("kind", flat=True)) == ["signature.failed"]
    assert len(told) == 1
    assert found() == []


def test_an_alert_that_cannot_be_told_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """The record is there, the log says that telling failed, and others are told."""
    heard = []

    def broken(alert: Alert) -> None:
        raise OSError("the mail server is down")

    def working(alert: Alert) -> None:
        heard.append(alert)

    records.alerts.register(broken)
    records.alerts.register(working)
    try:
        note_failure(signer=LEAD, manifest=[Target(PUMP, SHOWN)], at=NOON, why="Wrong code.")
    finally:
        records.alerts.unregister(broken)
        records.alerts.unregister(working)

    assert Entry.objects.get().kind == "signature.failed"
    assert len(heard) == 1
    assert "could not be told" in caplog.text


def test_what_is_no_hash_cannot_be_signed() -> None:
    """Neither upper case nor half of one."""
    for wrong in (SHOWN.upper(), SHOWN[:63], ""):
        with pytest.raises(RecordRefused):
            Target(PUMP, wrong)


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE records_signature SET printed_name = 'Somebody Else'", Fault.ROW_DIFFERS),
        ("UPDATE records_signature SET meaning = 'reviewed'", Fault.ROW_DIFFERS),
        ("UPDATE records_signedtarget SET sha256 = 'abc'", Fault.ROW_DIFFERS),
        ("DELETE FROM records_signedtarget", Fault.ROW_DIFFERS),
    ],
)
def test_a_signature_changed_in_its_table_is_found_at_its_entry(sql: str, fault: Fault) -> None:
    """Whose name, what it means, and over which content."""
    signed()
    execute(sql)

    assert found() == [(fault, 1, None)]


def test_the_database_forbids_changing_or_deleting_one() -> None:
    """On both engines."""
    signature = signed()
    for change in (
        signature.targets.all().delete,
        lambda: signature.targets.update(sha256=CHANGED),
        lambda: Signature.objects.update(printed_name="Somebody Else"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
