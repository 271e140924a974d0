"""The page of the policy: every clock with whose rule it is, and what nobody here has signed yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client

from postmarket.accounts.roles import Role
from postmarket.monitoring import policy
from postmarket.monitoring.services.following_policy import POLICY, follow_policy
from postmarket.records import evidence
from postmarket.records.models import Evidence
from postmarket.records.queries import history
from tests.accounts.builders import person, with_generator
from tests.monitoring.builders import NOW

pytestmark = pytest.mark.django_db

OWN = """
name = "acme"
version = "3"
effective = 2026-12-01

[[clock]]
id = "CVD-ACK"
limit = 2
citation = "CVD policy 4.1, section 3"
signed_by = "C. Manager, regulatory affairs"
signed_on = 2026-11-01
reason = "as published"
"""


@pytest.fixture
def own(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """A firm's file, from 1 December."""
    path = tmp_path / "policy.toml"
    path.write_text(OWN, encoding="utf-8")
    settings.POLICY_FILES = (path,)
    forget()
    yield path
    forget()


def forget() -> None:
    """As a new process."""
    policy._firm_files.cache_clear()
    policy._on.cache_clear()


def page() -> str:
    """What an analyst sees there."""
    reader, client = person("Ana Reed", Role.PSIRT_ANALYST), Client()
    with_generator(reader)
    client.force_login(reader)
    answer = client.get("/policy/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_clock_says_whose_rule_it_is_and_defaults_are_named() -> None:
    """Nothing that is only the firm's reads as FDA's."""
    text = page()

    assert "6 clocks of the firm run on defaults that nobody here has signed." in text
    assert "21 CFR 806.10(b)" in text
    assert "Acknowledge the report: within 3 working days" in text


def test_a_file_of_the_firm_waits_for_its_day_and_counts_from_then(own: Path) -> None:
    """Without a restart."""
    with time_machine.travel("2026-11-30T12:00:00Z", tick=False):
        before = page()
    with time_machine.travel("2026-12-01T00:00:00Z", tick=False):
        after = page()

    assert "not yet" in before
    assert "within 3 working days" in before
    assert "5 clocks of the firm run on defaults" in after
    assert "within 2 working days" in after
    assert "C. Manager, regulatory affairs" in after


def test_another_policy_is_recorded_once_with_the_file_as_evidence(own: Path) -> None:
    """An investigator reads which policy decided, byte for byte."""
    with time_machine.travel("2026-11-30T12:00:00Z", tick=False):
        assert follow_policy(now=NOW)
        assert not follow_policy(now=NOW)
    with time_machine.travel("2026-12-02T12:00:00Z", tick=False):
        assert follow_policy(now=NOW)

    _, second = history(POLICY)
    assert [change.path for change in second.changes] == ["files[0]", "sha256", "version"]
    assert b"".join(evidence.read(Evidence.objects.get().sha256)) == OWN.encode()
