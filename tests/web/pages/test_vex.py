"""Suppliers' VEX on the site: taken in, read line by line, withdrawn."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.monitoring.models import SupplierStatement, SupplierVex, SupplierWord
from tests.accounts.builders import person, with_generator
from tests.web.pages.conftest import Firm
from tests.web.pages.reading import heading, words

pytestmark = pytest.mark.django_db
NOT_PRESENT = "vulnerable_code_not_present"


def statement(cve: str, product: str, status: str = "not_affected", **more: str) -> dict[str, object]:
    """One line of an OpenVEX document."""
    cpe = f"cpe:2.3:a:{product}:*:*:*:*:*:*:*"
    return {
        "vulnerability": {"name": cve},
        "products": [{"@id": product, "identifiers": {"cpe23": cpe}}],
        "status": status,
        **more,
    }


def openvex(*statements: dict[str, object]) -> SimpleUploadedFile:
    """What Quellmar sends."""
    document = {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://quellmar.example/vex/1",
        "author": "Quellmar PSIRT",
        "timestamp": "2026-11-20T08:00:00Z",
        "version": 1,
        "statements": list(statements),
    }
    return SimpleUploadedFile("quellmar.json", json.dumps(document).encode(), "application/json")


@pytest.fixture
def sent() -> SimpleUploadedFile:
    """One line about our OpenSSL, one about a vulnerability nobody here has, one without a reason."""
    return openvex(
        statement("CVE-2025-0001", "openssl:openssl:3.0.13", justification=NOT_PRESENT),
        statement("CVE-2025-0999", "openssl:openssl:3.0.13", justification=NOT_PRESENT),
        statement("CVE-2025-0002", "zlib:zlib:1.2.11"),
    )


def take_in(client: Client, file: SimpleUploadedFile) -> SupplierVex:
    """Through the form."""
    answer = client.post(reverse("supplier-vex-receive"), {"file": file, "why": "Sent by their PSIRT."})
    assert answer.status_code == 302, words(answer)
    return SupplierVex.objects.latest("pk")


def test_before_any_came_the_page_teaches(ana: Client) -> None:
    """What it would be, and whom to ask."""
    page = ana.get(reverse("supplier-vex"))

    assert heading(page) == "No supplier has sent a VEX yet."
    assert "CSAF, OpenVEX or CycloneDX" in words(page)


def test_each_line_says_what_became_of_it_and_why(ana: Client, firm: Firm, sent: SimpleUploadedFile) -> None:
    """Applied with how many findings, skipped with what it lacks or misses; words of a portfolio, not of a scan."""
    document = take_in(ana, sent)
    page = ana.get(reverse("supplier-vex-one", args=[document.pk]))
    said = words(page)

    assert heading(page) == "1 of 3 statements applies to our devices."
    assert "Not affected: vulnerable code not present Applied" in said
    assert "Says Quellmar PSIRT (1 finding)." in said
    assert "No device version of ours has a finding about it." in said
    assert "Gives neither a justification nor an impact statement." in said
    assert "this scan" not in said
    assert SupplierWord.objects.get().version == firm.v1


def test_the_report_is_exported_whole(ana: Client, sent: SimpleUploadedFile) -> None:
    """With who said it and when, also what the page folds away."""
    document = take_in(ana, sent)
    file = ana.get(reverse("supplier-vex-one", args=[document.pk]), {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))))

    assert [row["Outcome"] for row in rows] == ["Applied", "Skipped", "Skipped"]
    assert {row["Said by"] for row in rows} == {"Quellmar PSIRT"}


def test_withdrawn_with_a_reason_it_counts_no_longer_and_stays(ana: Client, sent: SimpleUploadedFile) -> None:
    """A reason is asked for; the finding goes back to where matching puts it."""
    document = take_in(ana, sent)
    address = reverse("supplier-vex-withdraw", args=[document.pk])
    assert ana.post(address, {"why": ""}).status_code == 400
    assert SupplierWord.objects.exists()

    ana.post(address, {"why": "They took it back on the phone."})

    page = ana.get(reverse("supplier-vex-one", args=[document.pk]))
    assert heading(page) == "quellmar.json counts no longer."
    assert SupplierStatement.objects.count() == 3
    assert not SupplierWord.objects.exists()


def test_what_cannot_be_read_is_kept_and_says_why(ana: Client, firm: Firm) -> None:
    """It is evidence all the same."""
    document = take_in(ana, SimpleUploadedFile("broken.json", b'{"statements": [', "application/json"))
    page = ana.get(reverse("supplier-vex-one", args=[document.pk]))

    assert heading(page) == "broken.json could not be read."
    assert "Why it could not be read" in words(page)


def test_ambiguous_lines_are_the_list_s_finding(ana: Client, firm: Firm) -> None:
    """A product without version may be ours, and may not: somebody has to ask."""
    take_in(ana, openvex(statement("CVE-2025-0001", "openssl:openssl:3.0.13", justification=NOT_PRESENT)))
    SupplierStatement.objects.update(outcome="ambiguous")
    page = ana.get(reverse("supplier-vex"))

    assert heading(page) == "One statement of suppliers is ambiguous: ask what they mean."


def test_who_does_not_triage_reads_and_changes_nothing(firm: Firm, ana: Client, sent: SimpleUploadedFile) -> None:
    """No button, and no way round it."""
    document = take_in(ana, sent)
    auditor: Person = person("Aud Itor", Role.AUDITOR)
    with_generator(auditor)
    client = Client()
    client.force_login(auditor)

    assert "Withdraw it" not in words(client.get(reverse("supplier-vex-one", args=[document.pk])))
    assert client.post(reverse("supplier-vex-withdraw", args=[document.pk]), {"why": "No."}).status_code == 403
