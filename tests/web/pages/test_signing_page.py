"""What is put before a person to sign: in words, whole, and the very text one fold away."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from postmarket.accounts.models import Ceremony
from postmarket.accounts.roles import Role
from postmarket.accounts.signing.ceremony import Line, begin_ceremony, lines_of
from postmarket.accounts.signing.interface import Shown
from postmarket.assessment.signing import ClinicalSignOff, TechnicalSignOff
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.rules.cyber_device import Tests as Said
from postmarket.inventory.services.determinations import draft_determination
from postmarket.inventory.signing import Determinations
from postmarket.inventory.words import Answer, Feature
from postmarket.monitoring.models import VersionDecision, VulnerabilityFacts
from postmarket.monitoring.signing import FindingDecisions
from postmarket.records import Subject
from postmarket.records.meanings import Meaning
from postmarket.web.pages.accounts.content import Field, to_sign
from postmarket.web.pages.accounts.signed_words import FINGERPRINTS, LABELS, PREMISES
from tests.accounts.builders import person, with_generator
from tests.assessment.given import case_of, written
from tests.cases.conftest import hit
from tests.inventory.builders import device
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm
from tests.web.pages.reading import words

__all__ = ["hit"]

VALUES = st.none() | st.booleans() | st.integers(0, 9_999) | st.text("abcxyz -_", max_size=12)
CONTENTS = st.dictionaries(
    st.text("abcxyz -_", min_size=1, max_size=8),
    st.recursive(
        VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3)
    ),
    max_size=5,
)


def texts(fields: Sequence[Field]) -> Iterator[str]:
    """Every text among fields and in what belongs to them."""
    for one in fields:
        yield from filter(None, (one.text, *one.texts))
        yield from texts(one.parts)
        for item in one.items:
            yield from texts(item)


def keys_of(content: Mapping[str, Any]) -> set[str]:
    """Every key, but those that are a question's own words."""
    inner = [value for key, value in content.items() if isinstance(value, Mapping) and key not in ("tests", "rests on")]
    items = [one for value in content.values() if isinstance(value, list) for one in value if isinstance(one, Mapping)]
    return set(content).union(*map(keys_of, [*inner, *items]))


def premises(content: Mapping[str, Any]) -> set[str]:
    """The keys of what it rests on."""
    return set(content.get("rests on", ()))


def only(shown: Mapping[str, Shown]) -> Shown:
    """The one thing there is to sign."""
    (one,) = shown.values()
    return one


def proposed(ana: Client, firm: Firm) -> VersionDecision:
    """An answer about zlib in the pump, as it waits for its signature."""
    key = f"{firm.ventilator.pk}-{VulnerabilityFacts.objects.get(name='CVE-2025-0002').lead}"
    said = {"status": "not_affected", "justification": "vulnerable_code_not_in_execute_path", "rationale": "Not built."}
    ana.post("/triage/answer/", {"item": key, **said, "back": "/triage/"})
    return VersionDecision.objects.get(version=firm.p1)


def put_before(firm: Firm, row: VersionDecision) -> tuple[Client, Ceremony]:
    """The list, and the browser of who is to sign it."""
    lead = person("Jonas Weber", Role.CYBERSECURITY_LEAD)
    with_generator(lead)
    ceremony = begin_ceremony(
        person=lead, subjects=[row.subject], meaning=Meaning.APPROVED, why="As said.", back_to="/", now=NOW
    )
    client = Client()
    client.force_login(lead)
    return client, ceremony


@given(CONTENTS)
def test_nothing_of_what_is_signed_is_left_out(content: dict[str, Any]) -> None:
    """Whatever a room gives to be signed: every text and number stands there, known key or not."""
    (shown,) = to_sign([Line(Subject("thing", "1"), "It is so.", content, "")])
    told = "\n".join(texts(shown.fields))

    def scalars(value: Any) -> Iterator[str]:
        match value:
            case Mapping():
                for inner in value.values():
                    yield from scalars(inner)
            case list():
                for inner in value:
                    yield from scalars(inner)
            case str() | int() if not isinstance(value, bool):
                yield str(value)

    assert all(scalar in told for scalar in scalars(content))


@pytest.mark.django_db
def test_a_decision_is_read_in_words(ana: Client, firm: Firm) -> None:
    """No key of ours, no fingerprint among the sentences; what it rests on is named as people name it."""
    client, ceremony = put_before(firm, proposed(ana, firm))
    page = client.get(f"/sign/{ceremony.key}/")
    said = words(page)

    assert "CISA's catalogue of exploited vulnerabilities (KEV) not in the catalogue" in said
    assert "Justification vulnerable code not in execute path" in said
    before_the_fold = said.split("What is signed 1")[1].split("The text that is signed, letter by letter")[0]
    for technical in ("component key", "Component key", "rests on", "kev ", "·"):
        assert technical not in before_the_fold


@pytest.mark.django_db
def test_the_text_of_the_fold_is_what_the_fingerprint_is_of(ana: Client, firm: Firm) -> None:
    """Whoever copies it out and hashes it gets the SHA-256 beside it: the one that is signed."""
    client, ceremony = put_before(firm, proposed(ana, firm))
    page = client.get(f"/sign/{ceremony.key}/").content.decode()
    (raw,) = re.findall(r'<pre class="raw mono">(.*?)</pre>', page, flags=re.DOTALL)
    (line,) = lines_of(ceremony)

    assert hashlib.sha256(html.unescape(raw).encode()).hexdigest() == line.sha256
    assert line.sha256 in page


@pytest.mark.django_db
def test_every_field_that_a_room_gives_to_be_signed_has_its_words(ana: Client, firm: Firm) -> None:
    """A new key is seen here, before somebody reads it in a ceremony."""
    pump = device("Dosimere 9")
    lead = person("Dr. Amara Okafor", Role.CYBERSECURITY_LEAD)
    tests = Said(Answer.YES, Answer.NO, Answer.YES, frozenset({Feature.USB}))
    argued = {"offline-with-features": "The port is glued shut."}
    draft = draft_determination(
        by=lead, device=pump, tests=tests, rationale="Read.", answers=argued, why="So.", now=NOW
    )
    row = proposed(ana, firm)
    given_ = [
        only(FindingDecisions().shown([str(row.pk)])),
        only(Determinations().shown([str(draft.pk)])),
    ]

    for one in given_:
        assert keys_of(one.content) <= {*LABELS, *FINGERPRINTS}
        assert premises(one.content) <= set(PREMISES)


@pytest.mark.django_db
def test_an_assessment_has_its_words_for_both_leads(hit: DeviceVersion) -> None:
    """Scores and pathway for the one, harm in clinical words for the other."""
    row = written(case_of(), hit)

    for kind in (TechnicalSignOff(), ClinicalSignOff()):
        content = only(kind.shown([str(row.pk)])).content
        assert keys_of(content) <= {*LABELS, *FINGERPRINTS}
        assert premises(content) <= set(PREMISES)
