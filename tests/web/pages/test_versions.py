"""A device version: what threatens it, what is in it, how current that is, how much can be seen."""

from __future__ import annotations

import csv
import io

from django.test import Client

from postmarket.monitoring.services.deciding.answering import decide
from tests.monitoring.builders import NOW, keep_version
from tests.monitoring.given import NOT_REACHED, Analyst, decision_for, row_of
from tests.web.pages.conftest import KNOWN, Firm
from tests.web.pages.reading import heading, words


def test_its_title_says_what_matters(ana: Client, firm: Firm) -> None:
    """What presses, in one sentence."""
    assert heading(ana.get(f"/versions/{firm.v1.pk}/")) == "Ventorsa 5 5.1: 1 finding cannot wait."
    assert heading(ana.get(f"/versions/{firm.p1.pk}/")).startswith("Dosimere 3 3.0: 1 finding to judge")


def test_its_title_counts_what_is_open_and_its_rows_say_what_was_decided(ana: Client, firm: Firm) -> None:
    """Signed, a finding presses no longer; nothing is called calm above a row that says it cannot wait."""
    place = row_of(firm.v1, "CVE-2025-0001").place
    decide(by=firm.ana, place=place, answer=NOT_REACHED, now=NOW)
    assert heading(ana.get(f"/versions/{firm.v1.pk}/")) == "Ventorsa 5 5.1: 1 finding to judge."

    analyst = Analyst("Lena Okafor")
    analyst.sign([decision_for(firm.v1)])
    decide(by=firm.ana, place=row_of(firm.v1, "CVE-2025-0002").place, answer=NOT_REACHED, now=NOW)

    page = ana.get(f"/versions/{firm.v1.pk}/")
    assert heading(page) == "Ventorsa 5 5.1: no finding is left to judge; 1 decided, 1 to be signed."
    assert "Decided: not affected" in words(page)
    assert "To be signed: not affected" in words(page)


def test_a_component_nobody_knows_is_unknown_with_its_reason(ana: Client, firm: Firm) -> None:
    """Never among those where nothing was found."""
    said = words(ana.get(f"/versions/{firm.v2.pk}/"))

    assert "Not identified" in said
    assert "zlib 1.3.1" in said
    assert "Is the SBOM current?" in said


def test_a_version_without_an_sbom_is_not_called_safe(ana: Client, firm: Firm) -> None:
    """Nothing can be said of it, and that is the title."""
    bare = firm.ventilator.versions.create(label="6.0", created_at=KNOWN)
    page = ana.get(f"/versions/{bare.pk}/")

    assert heading(page) == "Nothing can be said of Ventorsa 5 6.0: no SBOM of it could be read."
    assert "never as safe" in words(page)


def test_a_version_in_development_has_no_date(ana: Client, firm: Firm, bring_up: object) -> None:
    """Matched and gated, but no clock (DESIGN §4)."""
    from tests.builders import component, cpe
    from tests.web.pages.conftest import ZLIB

    made = keep_version(
        firm.ventilator, "5.9", [component("zlib", "1.2.12", cpes=(cpe(ZLIB, "1.2.12"),))], shipped=False, now=KNOWN
    )
    bring_up(KNOWN)  # type: ignore[operator]
    answer = ana.get(f"/versions/{made.pk}/?findings.format=csv")
    (row,) = csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig")))

    assert row["Mitigate by (article)"] == "unknown"
    assert "no case and no clock" in words(ana.get(f"/versions/{made.pk}/"))


def test_each_table_is_exported_by_itself(ana: Client, firm: Firm) -> None:
    """Components with their state and reason, findings with theirs."""
    answer = ana.get(f"/versions/{firm.v1.pk}/?components.format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert [row["Component"] for row in rows] == ["openssl 3.0.13", "ventorsa-ui 5.1", "zlib 1.2.11"]
    assert [row["What can be said"] for row in rows] == ["Something found", "Not identified", "Something found"]


def test_a_version_of_another_line_is_not_there(pia: Client, firm: Firm) -> None:
    """Neither its page nor that it exists."""
    assert pia.get(f"/versions/{firm.v1.pk}/").status_code == 404
