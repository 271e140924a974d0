"""The SBOMs of a version: their history, what changed, how good they are, whether they are current."""

from __future__ import annotations

from datetime import timedelta

import pytest

from postmarket import tasks
from postmarket.accounts.models import DeviceLine
from postmarket.accounts.roles import Role
from postmarket.inventory.errors import WrongSbom
from postmarket.inventory.models import Sbom
from postmarket.inventory.queries.currency import currency_of, portfolio_currency
from postmarket.inventory.queries.sboms import compare, earlier, history, quality
from postmarket.inventory.words import Answer, VersionState
from tests.inventory.given import (
    LODASH,
    NOW,
    OPENSSL,
    ZLIB,
    build,
    component,
    cyclonedx,
    device,
    engineer,
    receive,
    uploaded,
    version,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def test_history_is_newest_first_with_refused_ones_among_them() -> None:
    """Superseded ones stay; a refused one stands with its reason."""
    of = version()
    uploaded(of, OPENSSL)
    receive(of, b"hello", at=LATER)
    tasks.run_due(now=LATER)
    uploaded(of, ZLIB, at=LATER + timedelta(hours=1))

    rows = list(history(engineer(), of))
    assert [(row.state, row.is_current) for row in rows] == [("read", True), ("refused", False), ("read", False)]
    assert rows[1].refused_why


def test_history_of_another_line_is_not_shown() -> None:
    """Only one's own device lines."""
    pumps = DeviceLine.objects.create(key="pumps", name="Pumps")
    uploaded(version(), OPENSSL)

    assert not history(engineer(line=pumps), version("4")).exists()
    assert not history(engineer(line=pumps), Sbom.objects.get().version).exists()


def test_two_sboms_of_a_version_are_told_apart() -> None:
    """What was added, removed, and changed its version."""
    of = version()
    old = uploaded(of, OPENSSL, ZLIB)
    new = uploaded(of, component("openssl", "3.0.12", cpe=OPENSSL["cpe"]), LODASH, at=LATER)

    found = compare(old, new)
    assert [one.name for one in found.added] == ["lodash"]
    assert [one.name for one in found.removed] == ["zlib"]
    assert [(one.old.version, one.new.version) for one in found.changed] == [("3.0.7", "3.0.12")]


def test_an_sbom_is_held_against_the_one_before_it_that_could_be_read() -> None:
    """Over a refused one; and a version's first against the version before."""
    of = version("3.1")
    first = uploaded(of, OPENSSL)
    receive(of, b"hello", at=LATER)
    tasks.run_due(now=LATER)
    third = uploaded(of, ZLIB, at=LATER + timedelta(hours=1))
    next_version = uploaded(version("3.2"), LODASH)

    assert earlier(third) == first
    assert earlier(first) is None
    assert earlier(next_version) == third


def test_sboms_of_two_devices_are_not_compared() -> None:
    """Nothing would follow from it."""
    one, other = uploaded(version(), OPENSSL), uploaded(version(of=device("Pump")), OPENSSL)
    with pytest.raises(WrongSbom, match="two devices"):
        compare(one, other)


def test_every_finding_of_a_profile_is_there_when_asked() -> None:
    """The kept counts say how many; the SBOM itself says which."""
    sbom = uploaded(version(), OPENSSL)
    report = quality(sbom, "ntia")

    assert "openssl 3.0.7 (components[0]): no supplier is named" in [
        one.line().partition(". ")[0] for one in report.findings
    ]
    assert report.errors == sbom.qualities.get(profile="ntia").errors


def test_one_that_was_not_read_has_no_quality() -> None:
    """It says why instead."""
    sbom = receive(version(), b"hello").sbom
    with pytest.raises(WrongSbom, match="has not been read"):
        quality(sbom, "ntia")


def test_an_sbom_of_what_ships_is_current_until_it_is_too_old_or_a_build_comes_without_one() -> None:
    """The three questions, from what is kept."""
    subject = {"type": "device", "name": "Corvid ventilator", "version": "3.2"}
    of = version()
    made = build(of, "b1")
    receive(of, cyclonedx(OPENSSL, subject=subject), build=made, at_once=True)
    assert currency_of([of], now=NOW)[of.pk].currency.is_current is Answer.YES

    old = currency_of([of], now=NOW + timedelta(days=400))[of.pk].currency
    assert (old.belongs.answer, old.too_old.answer) == (Answer.YES, Answer.YES)

    build(of, "b2", built_at=NOW)
    found = currency_of([of], now=NOW)[of.pk].currency
    assert found.is_current is Answer.NO
    assert found.newer_build_without.why == "Build b2 of 2026-11-24 has no SBOM."


def test_the_portfolio_is_ordered_by_what_is_wrong_and_leaves_out_development() -> None:
    """What CI uploads for a version in development is nobody's overdue work."""
    shipped = VersionState.SHIPPED.value
    subject = {"type": "device", "name": "Corvid ventilator", "version": "2"}
    fine = version("2", state=shipped)
    receive(fine, cyclonedx(OPENSSL, subject=subject), build=build(fine), at_once=True)
    vague = version("1", state=shipped)
    receive(vague, cyclonedx(ZLIB), at_once=True)
    version("3", state=shipped)
    version("4")

    rows = portfolio_currency(engineer(), now=NOW)
    assert [(row.version.label, row.currency.is_current) for row in rows] == [
        ("3", Answer.NO),
        ("1", Answer.UNKNOWN),
        ("2", Answer.YES),
    ]
    assert portfolio_currency(engineer(role=Role.ADMINISTRATOR), now=NOW)
