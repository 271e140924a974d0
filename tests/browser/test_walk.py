"""The whole way in a browser: devices come in, an SBOM is uploaded, what it holds is decided, signed, and re-opened."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from postmarket.accounts.roles import Role
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.services.importing.portfolio import import_portfolio
from postmarket.policy.pack import Pack
from tests.accounts.builders import person, with_generator
from tests.browser.conftest import Accessible, SignIn
from tests.browser.steps import Hand, at_work
from tests.builders import Tell, component, cpe, cyclonedx, kev, nvd_range, rated, record
from tests.web.pages.conftest import OPENSSL, bring_up, kept, pack, store

__all__ = ["bring_up", "kept", "pack", "store"]

pytestmark = pytest.mark.django_db(transaction=True)

PORTFOLIO = """
manufacturer: Brellisor Medical
devices:
  - name: Ventorsa 5
    criticality: life-sustaining
    clinical_roles:
      - {match: openssl, role: alarm, why: Protects the alarm gateway.}
    versions:
      - {version: "5.1", shipped: true, released: 2026-02-09, units: 212, sbom: first.cdx.json}
"""


def sbom(version: str) -> bytes:
    """What is in the ventilator, with this OpenSSL."""
    return cyclonedx(component("openssl", version, cpes=(cpe(OPENSSL, version),)))


def test_from_devices_to_a_decision_that_comes_back(
    tell: Tell,
    bring_up: Callable[..., object],
    pack: Pack,
    signed_in_page: SignIn,
    live: str,
    accessible: Accessible,
    tmp_path: Path,
) -> None:
    """Import, upload, find, decide, sign; then CISA lists it, and it is on Today with the reason."""
    lena = person("Lena Okafor", Role.PSIRT_MANAGER)
    secret = with_generator(lena)
    page = signed_in_page(who=lena)
    page.goto(live)
    expect(page.get_by_role("heading", level=1)).to_have_text("No device is here yet.")
    accessible(page)

    (tmp_path / "first.cdx.json").write_bytes(cyclonedx(component("expat", "2.5.0")))
    (tmp_path / "portfolio.yaml").write_text(PORTFOLIO)
    import_portfolio(by=lena, path=tmp_path / "portfolio.yaml", pack=pack, why="Our devices.", now=timezone.now())
    at_work(bring_up, timezone.now())
    tell(
        record(
            "CVE-2025-0001",
            nvd_range(OPENSSL, "3.0.19"),
            description="A crafted message overflows OpenSSL.",
            ratings=(rated("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),),
        )
    )
    at_work(bring_up, timezone.now())
    version = DeviceVersion.objects.get()
    page.goto(f"{live}/versions/{version.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("nothing can be said of any of its 1 component.")

    page.get_by_role("link", name="Add an SBOM").click()
    page.get_by_label("SBOM").set_input_files(
        {"name": "ventorsa-5.1.cdx.json", "mimeType": "application/json", "buffer": sbom("3.0.13")}
    )
    page.get_by_label("Why").fill("The SBOM of what ships.")
    page.get_by_role("button", name="Upload it").click()
    at_work(bring_up, timezone.now())

    page.goto(live)
    expect(page.get_by_role("heading", level=1)).to_have_text("One finding cannot wait, on Ventorsa 5.")
    accessible(page)
    page.get_by_role("link", name="openssl 3.0.13 on the alarm path of Ventorsa 5").first.click()
    expect(page.locator("#pane")).to_contain_text("CPE a:openssl:openssl: 3.0.13 in < 3.0.19")

    decide_not_affected(page)
    sign(page, secret)
    page.goto(live)
    expect(page.get_by_role("heading", level=1)).to_have_text("All is calm. Nothing is late, nothing waits.")

    tell(kev("CVE-2025-0001", added="2026-11-25"))
    at_work(bring_up, timezone.now())
    page.goto(live)
    expect(page.get_by_role("heading", level=2, name="Re-opened")).to_be_visible()
    expect(page.locator("main")).to_contain_text(re.compile(r"it was added on .*25 Nov"))
    accessible(page)


def decide_not_affected(page: Page) -> None:
    """By keyboard, and on to signing."""
    page.keyboard.press("n")
    page.get_by_label("The vulnerable code is not in the execute path").check()
    page.get_by_label("What shows it?").fill("TLS is terminated before it: BOM-114.")
    page.locator("details.answer[open]").get_by_role("button", name="and sign").click()


def sign(page: Page, secret: str) -> None:
    """The ceremony: what is listed, and a fresh proof."""
    expect(page.locator("main")).to_contain_text("CVE-2025-0001 in openssl 3.0.13 on Ventorsa 5 5.1: not affected")
    Hand().prove(page, secret)
