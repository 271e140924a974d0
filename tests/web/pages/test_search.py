"""One box over everything one may read."""

from __future__ import annotations

import pytest
from django.test import Client

from postmarket.inventory.models import Supplier
from tests.web.pages.conftest import KNOWN
from tests.web.pages.reading import heading, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CVE-2025-0001", "A crafted message overflows OpenSSL."),
        ("ghsa-aaaa", "CVE-2025-0001"),
        ("ventorsa 5.1", "Ventorsa 5 5.1"),
        ("dosim", "life-supporting device"),
        ("a:zlib", "zlib 1.2.11"),
        ("zlib", "in 2 device versions"),
        ("norrlake", "Norrlake Systems"),
    ],
)
def test_whatever_one_knows_of_it_finds_it(ana: Client, text: str, found: str) -> None:
    """A name, an alias, a part of a CPE, a version."""
    Supplier.objects.create(name="Norrlake Systems", created_at=KNOWN)

    assert found in words(ana.get("/search/", {"q": text}))


def test_a_vulnerability_that_hits_nothing_is_found_and_says_so(ana: Client) -> None:
    """Somebody asks whether they are affected."""
    assert "in nothing of yours that could be identified" in words(ana.get("/search/?q=CVE-2025-0003"))


def test_nothing_found_says_what_that_does_not_mean(ana: Client) -> None:
    """Absence in the data is not absence in the device."""
    page = ana.get("/search/?q=%3Cscript%3E")

    assert heading(page) == "Nothing fits “<script>”."
    assert "<script>”" not in page.content.decode()
    assert "What is in no SBOM is not among the components." in words(page)


def test_others_devices_are_not_found(pia: Client) -> None:
    """Neither device nor version nor what is only in it."""
    said = words(pia.get("/search/?q=ventorsa")) + words(pia.get("/search/?q=openssl"))

    assert "Ventorsa 5" not in said
    assert "openssl 3.0" not in said


def test_one_letter_is_not_looked_for(ana: Client) -> None:
    """It would be everything."""
    assert heading(ana.get("/search/?q=z")) == "What are you looking for?"
