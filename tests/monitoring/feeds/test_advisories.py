"""CISA's medical advisories: whose device, what of ours shares it, and a review that lasts until they revise it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from postmarket.accounts.errors import NotAllowed
from postmarket.inventory.store import store
from postmarket.matching.store.loading import load
from postmarket.monitoring.errors import InvalidReview
from postmarket.monitoring.feed_words import AdvisoryVerdict, Sharing, Whose
from postmarket.monitoring.models import Advisory
from postmarket.monitoring.queries.advisories import shared, to_review
from postmarket.monitoring.services.advisories import bring_up, review, revision_of
from postmarket.monitoring.services.rematching import rematch_portfolio
from postmarket.records.models import Entry
from postmarket.sources.interface import Criterion, NameKind, Record, Source
from postmarket.versions.interface import Scheme
from postmarket.versions.ranges import everything
from tests.builders import component, nvd_range, record
from tests.monitoring.feeds.given import NOW, analyst, auditor, say, version

pytestmark = pytest.mark.django_db

CISA = "https://www.cisa.gov/"
FIRST, LATER = "2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"
ZLIB = component("zlib", "1.2.11")


def product(name: str) -> Criterion:
    """A device as CISA names it, every version of it."""
    return Criterion(kind=NameKind.NAME, name=name, range=everything(Scheme.GENERIC), text="any")


def advises(number: str, *cves: str, about: str = "acme_medical:pump", revision: str = FIRST) -> tuple[Record, ...]:
    """An advisory of CISA."""
    return tuple(
        Record(
            source=Source.CSAF,
            id=cve,
            record_id=f"{number}/{cve}@{CISA}",
            published=FIRST,
            modified=revision,
            title=cve,
            document=f"{number} Acme Pump",
            references=(f"https://www.cisa.gov/{number}",),
            criteria=(product(about),),
        )
        for cve in cves
    )


def gathered() -> Advisory:
    """The one advisory, brought up to the portfolio."""
    rematch_portfolio(now=NOW)
    bring_up(now=NOW)
    return Advisory.objects.get()


def reviewed(row: Advisory, because: str = "We do not ship that pump.") -> None:
    """Somebody found that it is not ours."""
    review(
        by=analyst(),
        advisory=row,
        revision=revision_of(row),
        verdict=AdvisoryVerdict.NOT_OURS,
        because=because,
        now=NOW,
    )


def test_an_advisory_on_another_makers_device_is_shown_when_ours_shares_its_vulnerability() -> None:
    """Their pump has our zlib: the advisory names which of our versions."""
    version(ZLIB, maker="Corvid Medical")
    say(record("CVE-2026-1001", nvd_range("a:zlib:zlib", "1.2.12")))
    say(*advises("ICSMA-26-001-01", "CVE-2026-1001"))

    row = gathered()

    assert (row.number, row.title, row.medical) == ("ICSMA-26-001-01", "ICSMA-26-001-01 Acme Pump", True)
    assert (row.whose, row.products, row.affected, row.sharing) == (Whose.ANOTHER, ["acme medical: pump"], 1, 0)
    (found,) = shared(row, by=analyst())
    assert (found.component, found.sharing, found.versions) == ("zlib 1.2.11", Sharing.AFFECTED, ("AeroVent 5 5.3",))


def test_the_same_component_in_another_version_is_shown_as_that() -> None:
    """Not affected by what the sources say, and worth a look."""
    version(component("zlib", "1.3"))
    say(record("CVE-2026-1001", nvd_range("a:zlib:zlib", "1.2.12")))
    say(*advises("ICSMA-26-001-01", "CVE-2026-1001"))

    row = gathered()

    assert (row.affected, row.sharing) == (0, 1)
    assert [found.sharing for found in shared(row, by=analyst())] == [Sharing.SAME_COMPONENT]


def test_what_shares_nothing_waits_for_nobody() -> None:
    """It is kept and can be found, and is on nobody's list."""
    version(component("curl", "8.0"))
    say(*advises("ICSMA-26-001-01", "CVE-2026-1001"))

    assert (gathered().affected, gathered().sharing) == (0, 0)
    assert not to_review(by=analyst()).exists()


@pytest.mark.parametrize(
    ("maker", "supplier", "whose"),
    [
        ("Acme Medical, Inc.", "", Whose.OURS),
        ("Corvid Medical", "ACME Medical", Whose.COMPONENT),
        ("Corvid Medical", "Norrlake", Whose.ANOTHER),
    ],
)
def test_whose_it_is_follows_from_the_names_of_makers(maker: str, supplier: str, whose: Whose) -> None:
    """Ours by our own name, else a supplier's, else another's."""
    version(component("pump firmware", "1.0", supplier=supplier), maker=maker)
    say(*advises("ICSMA-26-001-01", "CVE-2026-1001"))

    assert gathered().whose == whose


def test_a_review_is_kept_with_its_reason_until_the_advisory_is_revised() -> None:
    """Reviewed, not ours, because; then CISA revises it and it waits again, the old review beside it."""
    version(ZLIB)
    say(record("CVE-2026-1001", nvd_range("a:zlib:zlib", "1.2.12")))
    say(*advises("ICSMA-26-001-01", "CVE-2026-1001"))
    row = gathered()
    assert list(to_review(by=analyst())) == [row]

    reviewed(row)
    assert not to_review(by=analyst()).exists()
    assert Entry.objects.filter(kind="advisory.reviewed").count() == 1

    say(*advises("ICSMA-26-001-01", "CVE-2026-1001", "CVE-2026-1002", revision=LATER))
    row = gathered()
    assert (row.is_reviewed, row.is_reopened) == (False, True)
    assert row.vulnerabilities == ["CVE-2026-1001", "CVE-2026-1002"]
    assert list(to_review(by=analyst())) == [row]
    assert row.reviews.get().because == "We do not ship that pump."


def test_a_vulnerability_that_the_revision_dropped_is_no_longer_said() -> None:
    """The store keeps its record; the advisory is what its newest revision says."""
    say(*advises("ICSMA-26-001-01", "CVE-2026-1001", "CVE-2026-1002"))
    assert gathered().vulnerabilities == ["CVE-2026-1001", "CVE-2026-1002"]

    say(*advises("ICSMA-26-001-01", "CVE-2026-1002", revision=LATER))

    assert gathered().vulnerabilities == ["CVE-2026-1002"]


def test_a_review_of_what_was_revised_meanwhile_is_refused() -> None:
    """The person saw another text."""
    say(*advises("ICSMA-26-001-01", "CVE-2026-1001"))
    seen = gathered()
    say(*advises("ICSMA-26-001-01", "CVE-2026-1001", revision=LATER))
    gathered()

    with pytest.raises(InvalidReview, match="revised meanwhile"):
        reviewed(seen)


def test_a_review_takes_a_reason_and_the_permission() -> None:
    """An auditor reads."""
    say(*advises("ICSMA-26-001-01", "CVE-2026-1001"))
    row = gathered()
    with pytest.raises(InvalidReview, match="says why"):
        reviewed(row, because=" ")
    with pytest.raises(NotAllowed):
        review(
            by=auditor(),
            advisory=row,
            revision=revision_of(row),
            verdict=AdvisoryVerdict.NOT_OURS,
            because="No.",
            now=NOW,
        )


def test_cisas_real_advisories_are_gathered_each_once(shared_data: Path) -> None:
    """All of the archive: with their titles, makers and vulnerabilities, the medical ones marked."""
    (archive,) = (shared_data / "csaf").glob("*.tar.xz")
    load(store(), Source.CSAF, [archive], home=Path(settings.POSTMARKET_HOME), clock=lambda: NOW)
    count = bring_up(now=NOW)

    assert Advisory.objects.count() == count > 100
    assert bring_up(now=NOW) == 0
    medical = Advisory.objects.filter(medical=True)
    assert medical.count() > 50
    merlin = medical.get(number="ICSMA-17-009-01A")
    assert "Merlin@home" in merlin.title
    assert (merlin.makers, merlin.vulnerabilities) == (["st._jude_medical"], ["CVE-2017-5149"])
    assert merlin.link == "https://www.cisa.gov/news-events/ics-medical-advisories/icsma-17-009-01a"
    assert not Advisory.objects.filter(title="").exists()
