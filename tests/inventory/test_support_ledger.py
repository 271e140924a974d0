"""How long components are supported: what somebody looked up wins, silence is unknown, the nearest end comes first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.models import DeviceLine
from postmarket.accounts.roles import Role
from postmarket.inventory.errors import InvalidComponent
from postmarket.inventory.models import ComponentIdentity, SupportStatement
from postmarket.inventory.policy import limits
from postmarket.inventory.queries.support import forecast, ledger, version_support
from postmarket.inventory.rules.product import product_key
from postmarket.inventory.rules.support_ledger import UNSAID, Basis, ComponentSupport, Outlook, Said, counts, outlook
from postmarket.inventory.services.support import state_support, withdraw_support
from postmarket.inventory.words import VersionState
from postmarket.sbom.interface import SupportLevel
from tests.inventory.given import NOW, OPENSSL, ZLIB, component, engineer, uploaded, version

TODAY = date(2026, 11, 24)
LIMIT = limits().support_forecast
SAID = st.builds(Said, st.sampled_from(SupportLevel), st.none() | st.dates(date(2020, 1, 1), date(2035, 1, 1)))


@given(st.none() | SAID, st.none() | SAID, st.lists(SAID, max_size=4))
def test_what_counts_is_from_the_nearest_mouth(identity: Said | None, product: Said | None, listed: list[Said]) -> None:
    """For the component, else for its product, else what the SBOM says; nothing is made up."""
    found = counts(identity, product, listed)
    if identity is not None:
        assert found == ComponentSupport(identity.level, identity.ends_on, Basis.IDENTITY)
    elif product is not None:
        assert found == ComponentSupport(product.level, product.ends_on, Basis.PRODUCT)
    else:
        assert found.basis in {Basis.SBOM, Basis.NOBODY}
        assert found.ends_on in {one.ends_on for one in listed} | {None}
        assert all(
            one.ends_on is None or (found.ends_on is not None and found.ends_on <= one.ends_on) for one in listed
        )


@pytest.mark.parametrize(
    ("level", "ends_on", "expected"),
    [
        (SupportLevel.ABANDONED, None, Outlook.ENDED),
        (SupportLevel.NO_LONGER_MAINTAINED, date(2030, 1, 1), Outlook.ENDED),
        (SupportLevel.ACTIVELY_MAINTAINED, TODAY - timedelta(days=1), Outlook.ENDED),
        (SupportLevel.ACTIVELY_MAINTAINED, TODAY, Outlook.SOON),
        (SupportLevel.UNKNOWN, TODAY + timedelta(days=LIMIT.days), Outlook.SOON),
        (SupportLevel.UNKNOWN, TODAY + timedelta(days=LIMIT.days + 1), Outlook.LATER),
        (SupportLevel.ACTIVELY_MAINTAINED, None, Outlook.UNKNOWN),
    ],
)
def test_how_near_the_end_is(level: SupportLevel, ends_on: date | None, expected: Outlook) -> None:
    """On its last day it is supported; maintained without a day is unknown, not later."""
    assert outlook(ComponentSupport(level, ends_on, Basis.SBOM), today=TODAY, ahead=LIMIT) is expected


@pytest.mark.parametrize(
    ("name", "purl", "expected"),
    [
        ("lodash", "pkg:npm/lodash@4.17.20", "purl:npm/lodash"),
        ("openssl", "pkg:deb/debian/openssl@3.0.11-1?distro=bookworm", "purl:deb/debian:12/openssl"),
        ("OpenSSL", "", "name:openssl"),
        ("openssl", "no purl", "name:openssl"),
        ("...", "", ""),
    ],
)
def test_a_product_is_known_by_its_purl_else_by_its_name(name: str, purl: str, expected: str) -> None:
    """Without its version; a distribution's release has its own support."""
    assert product_key(name, purl) == expected


def stated(name: str = "openssl", **more: object) -> SupportStatement:
    """What somebody looked up of a component."""
    about = ComponentIdentity.objects.get(name=name)
    args = {
        "by": engineer(),
        "about": about,
        "every_version": False,
        "level": SupportLevel.ACTIVELY_MAINTAINED,
        "ends_on": date(2026, 12, 31),
        "source": "https://endoflife.date/openssl",
        "why": "Yearly review.",
        "now": NOW,
        **more,
    }
    return state_support(**args)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_what_somebody_looked_up_wins_over_the_sbom_and_survives_the_next_one() -> None:
    """Uploading never erases it."""
    of = version()
    says = {"properties": [{"name": "cdx:fda:end-of-support-date", "value": "2031-01-01"}]}
    uploaded(of, {**OPENSSL, **says})
    about = ComponentIdentity.objects.get()
    assert version_support(of)[about.pk] == ComponentSupport(SupportLevel.UNKNOWN, date(2031, 1, 1), Basis.SBOM)

    stated()
    uploaded(of, {**OPENSSL, **says}, ZLIB, at=NOW + timedelta(hours=1))

    assert version_support(of)[about.pk].ends_on == date(2026, 12, 31)
    assert version_support(of)[about.pk].basis is Basis.IDENTITY
    assert version_support(of)[ComponentIdentity.objects.get(name="zlib").pk] == UNSAID


@pytest.mark.django_db
def test_a_statement_for_the_product_holds_for_versions_that_come_later() -> None:
    """Looked up once."""
    uploaded(version("1"), component("lodash", "4.17.20", purl="pkg:npm/lodash@4.17.20"))
    stated("lodash", every_version=True)
    later = version("2")
    uploaded(later, component("lodash", "4.17.21", purl="pkg:npm/lodash@4.17.21"))

    (support,) = version_support(later).values()
    assert (support.ends_on, support.basis) == (date(2026, 12, 31), Basis.PRODUCT)


@pytest.mark.django_db
def test_a_later_statement_supersedes_and_both_stay() -> None:
    """And one taken back lets the SBOM speak again."""
    of = version()
    uploaded(of, OPENSSL)
    stated()
    second = stated(ends_on=date(2027, 6, 1))
    assert [row.ends_on for row in ledger(engineer())] == [date(2027, 6, 1)]
    assert len(ledger(engineer(), past=True)) == 2

    withdraw_support(by=engineer(), statement=second, why="The letter was of another product.", now=NOW)
    assert list(ledger(engineer())) == []
    assert list(version_support(of).values()) == [UNSAID]
    with pytest.raises(InvalidComponent, match="does not count any more"):
        withdraw_support(by=engineer(), statement=second, why="Again.", now=NOW)


@pytest.mark.django_db
def test_a_statement_has_a_source_and_a_day_or_a_justification() -> None:
    """FDA's premarket guidance (V.A.4): what cannot be given is justified."""
    uploaded(version(), OPENSSL)
    with pytest.raises(InvalidComponent, match="where this stands"):
        stated(source=" ")
    with pytest.raises(InvalidComponent, match="no justification"):
        stated(ends_on=None)
    assert stated(ends_on=None, justification="The maker publishes no dates.").ends_on is None


@pytest.mark.django_db
def test_it_counts_for_every_line_so_it_takes_the_permission_for_all() -> None:
    """An engineer of one line cannot speak for the others."""
    uploaded(version(), OPENSSL)
    pumps = DeviceLine.objects.create(key="pumps", name="Pumps")
    with pytest.raises(NotAllowed):
        stated(by=engineer(line=pumps))
    with pytest.raises(NotAllowed):
        stated(by=engineer(role=Role.AUDITOR))


@pytest.mark.django_db
def test_the_forecast_lists_what_ends_nearest_first_and_counts_what_nobody_knows() -> None:
    """Of what is shipped; unknown is a number of its own, never later."""
    of = version(state=VersionState.SHIPPED.value)
    soon = {"properties": [{"name": "cdx:fda:end-of-support-date", "value": "2027-03-01"}]}
    gone = {"properties": [{"name": "cdx:fda:level-of-support", "value": "abandoned"}]}
    uploaded(of, {**OPENSSL, **soon}, {**ZLIB, **gone}, component("libpng"))
    uploaded(version("4"), {**OPENSSL, **soon})

    found = forecast(engineer(), now=NOW)
    assert [(str(row.identity), row.outlook) for row in found.endings] == [
        ("zlib 1.2.13", Outlook.ENDED),
        ("openssl 3.0.7", Outlook.SOON),
    ]
    assert (found.listed, found.unknown) == (3, 1)
    assert len(forecast(engineer(), now=NOW, version=version("5")).endings) == 0
