"""What records want told reaches the people who can do something about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from postmarket.accounts.roles import Role
from postmarket.records import Actor, ActorKind
from postmarket.records.alerts import Alert, AlertKind, tell
from tests.accounts.builders import NOW, person

pytestmark = pytest.mark.django_db
RECORDS = Actor("records", "Records", ActorKind.MACHINE)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (AlertKind.VERIFY_FAILED, "[postmarket] The records are not whole"),
        (AlertKind.ANCHORING_FAILED, "[postmarket] An anchor did not arrive"),
    ],
)
def test_administrators_and_those_who_answer_for_the_records_are_told_once_each(kind: AlertKind, subject: str) -> None:
    """Also who is both; nobody else is bothered."""
    ana = person("Ana Admin", Role.ADMINISTRATOR, Role.QUALITY)
    quinn = person("Quinn Quality", Role.QUALITY)
    person("Petra Analyst", Role.PSIRT_ANALYST)
    person("Otto Auditor", Role.AUDITOR)
    tell(Alert(kind, NOW + timedelta(minutes=1), RECORDS, "Entry 3 was edited."))

    assert sorted(message.to[0] for message in mail.outbox) == sorted([ana.email, quinn.email])
    assert {message.subject for message in mail.outbox} == {subject}
    assert "On 2026-11-24 09:01 UTC: Entry 3 was edited." in mail.outbox[0].body
