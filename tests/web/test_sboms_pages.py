"""The pages of SBOMs and components, as people use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from postmarket import tasks
from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.inventory.models import AliasEntry, Component, ComponentIdentity, Sbom, SupportStatement
from postmarket.inventory.services.sboms import receiving
from postmarket.inventory.store import store
from postmarket.sbom.profiles import load_profile
from postmarket.web import clock
from tests.accounts.builders import person, with_generator
from tests.builders import nvd_range, record
from tests.conftest import publish_records
from tests.inventory.given import LODASH, NOW, OPENSSL, ZLIB, component, cyclonedx, names, receive, uploaded, version

pytestmark = pytest.mark.django_db


def browser(*roles: Role) -> Client:
    """Somebody signed in: a PSIRT manager unless roles are named."""
    who: Person = person("Mara Lind", *(roles or (Role.PSIRT_MANAGER,)))
    with_generator(who)
    client = Client()
    client.force_login(who)
    return client


def page(client: Client, route: str, /, *args: object, **query: str) -> str:
    """What a page says."""
    answer = client.get(reverse(route, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def file(content: bytes, name: str = "bom.json") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="application/json")


def test_an_upload_is_read_and_says_what_the_version_is_made_of() -> None:
    """A small one before the answer."""
    of, client = version(), browser()
    answer = client.post(
        reverse("sbom-upload", args=[of.pk]),
        {"file": file(cyclonedx(OPENSSL, ZLIB)), "why": "Release 3.2."},
        follow=True,
    )

    text = answer.content.decode()
    assert "<h1>Corvid ventilator 3.2 is made of the 2 components this SBOM lists.</h1>" in text
    assert "Read: 2 components." in text
    assert names(of) == ["openssl 3.0.7", "zlib 1.2.13"]


def test_a_large_upload_shows_how_far_it_is_until_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page asks again by itself."""
    monkeypatch.setattr(receiving, "AT_ONCE_BYTES", 10)
    client = browser()
    client.post(reverse("sbom-upload", args=[version().pk]), {"file": file(cyclonedx(OPENSSL)), "why": "x"})
    sbom = Sbom.objects.get()

    assert f'hx-get="{reverse("sbom-progress", args=[sbom.pk])}"' in page(client, "sbom", sbom.pk)
    tasks.run_due(now=clock.now())
    done = page(client, "sbom-progress", sbom.pk)
    assert "hx-get" not in done
    assert "1 component. Reload the page" in done


def test_a_refused_one_says_why_and_that_the_version_keeps_what_it_had() -> None:
    """Nobody has to look for it."""
    of = version()
    uploaded(of, OPENSSL)
    sbom = receive(of, b"hello", at_once=True).sbom

    text = page(browser(), "sbom", sbom.pk)
    assert "sbom.json could not be read; Corvid ventilator 3.2 keeps the SBOM it had." in text
    assert "this cannot be read as an SBOM" in text


def test_an_sbom_is_shown_against_the_one_before_and_against_any_other() -> None:
    """What was added, removed, and at another version."""
    of = version()
    first = uploaded(of, LODASH, file_name="first.json")
    uploaded(of, OPENSSL, ZLIB, at=NOW + timedelta(hours=1), file_name="second.json")
    third = uploaded(of, component("openssl", "3.0.12", cpe=OPENSSL["cpe"]), at=NOW + timedelta(hours=2))
    client = browser()

    text = page(client, "sbom", third.pk)
    assert "What changed since second.json" in text
    assert "0 added, 1 removed, 1 at another version" in text
    other = page(client, "sbom", third.pk, against=str(first.pk))
    assert "What changed since first.json" in other
    assert "1 added, 1 removed, 0 at another version" in other


def test_an_sbom_of_something_else_says_so_first_and_the_one_before_is_made_current_again() -> None:
    """On its own page and on the version's; a reason is asked, and leads to it as it came in anew."""
    of, client = version(), browser()
    first = uploaded(of, OPENSSL, file_name="first.json")
    subject = {"type": "application", "name": "juice-shop<b>", "version": "11.1.2"}
    answer = client.post(
        reverse("sbom-upload", args=[of.pk]),
        {"file": file(cyclonedx(LODASH, subject=subject)), "why": "x"},
        follow=True,
    )

    for text, said in (
        (answer.content.decode(), "This SBOM says it is about juice-shop&lt;b&gt; 11.1.2."),
        (page(client, "device-version", of.pk), "Its SBOM says it is about juice-shop&lt;b&gt; 11.1.2."),
    ):
        assert 0 < text.index(said) < text.index("<h1>")
        assert f'<a href="{reverse("sbom", args=[first.pk])}">first.json</a>' in text
    assert "Make it current again" in page(client, "sbom", first.pk)
    assert "Make it current again" not in page(browser(Role.AUDITOR), "sbom", first.pk)

    address = reverse("sbom-current-again", args=[first.pk])
    assert b"Nothing was changed: say why." in client.post(address, follow=True).content
    done = client.post(address, {"why": "It was another product."}, follow=True).content.decode()
    assert "says it is about" not in done
    assert "<h1>Corvid ventilator 3.2 is made of the 1 component this SBOM lists.</h1>" in done
    assert names(of) == ["openssl 3.0.7"]


def test_an_sbom_of_another_product_waits_on_today_and_at_the_version_until_somebody_decides() -> None:
    """It is shown against the one in use, set aside with a reason, and used after all."""
    of, client = version(state="shipped"), browser()
    receive(of, cyclonedx(OPENSSL, subject={"name": "corvid", "version": "3.2"}), at_once=True)
    wrong = {"name": "juice-shop", "version": "11.1.2"}
    later = NOW + timedelta(hours=1)
    answer = client.post(
        reverse("sbom-upload", args=[of.pk]),
        {"file": file(cyclonedx(ZLIB, subject=wrong)), "why": "Release 3.2."},
        follow=True,
    )
    held = Sbom.objects.get(state="held")
    text = answer.content.decode()
    assert "<h1>Is this SBOM of Corvid ventilator 3.2? It is held until somebody says so.</h1>" in text
    assert "It says it is about juice-shop 11.1.2; the one in use is about corvid 3.2." in text
    assert "zlib" in text
    assert names(of) == ["openssl 3.0.7"]
    with clock.stopped(later):
        for place in (page(client, "today"), page(client, "device-version", of.pk)):
            assert reverse("sbom", args=[held.pk]) in place
            assert "It says it is about juice-shop 11.1.2" in place
        assert "Nothing was changed: say why." in decided(client, held, "aside", "")
        assert "was set aside; Corvid ventilator 3.2 is not made of what it lists." in decided(
            client, held, "aside", "Wrong."
        )
        assert "juice-shop" not in page(client, "today")
        assert "does not wait for anybody: it is set aside" in decided(client, held, "use", "Late.")
        again = client.post(reverse("sbom-current-again", args=[held.pk]), {"why": "It was right."}, follow=True)
        assert "Corvid ventilator 3.2 is made of the 1 component this SBOM lists." in again.content.decode()
    assert names(of) == ["zlib 1.2.13"]


def decided(client: Client, held: Sbom, deed: str, why: str) -> str:
    """What the page says after a decision on a held SBOM."""
    return client.post(reverse("sbom-held", args=[held.pk]), {"deed": deed, "why": why}, follow=True).content.decode()


def test_a_profiles_findings_are_shown_with_whose_rule_it_is() -> None:
    """Not "FDA requires" where it is the article's or NTIA's."""
    text = page(browser(), "sbom", uploaded(version(), OPENSSL).pk, profile="ntia")
    assert "no supplier is named" in text
    assert f"{load_profile('ntia').rules[0].authority}: " in text


def test_the_component_list_says_how_many_no_source_knows_and_exports() -> None:
    """Unknown is a number in the title, and a word in every row."""
    publish_records(store(), [record("CVE-2026-1", nvd_range("a:openssl:openssl", "3.0.8"))])
    uploaded(version(), OPENSSL, component("nobody-knows"))
    client = browser()

    text = page(client, "components")
    assert "No source knows 1 of 2 components." in text
    assert "Nothing found" in text
    only = page(client, "components", seen="unknown")
    assert "nobody-knows" in only
    assert ">openssl" not in only
    csv = client.get(reverse("components"), {"export": "csv"})
    assert csv.status_code == 200


def test_a_component_says_which_versions_list_it_and_takes_an_end_of_support() -> None:
    """Looked up once, by somebody, with its source."""
    uploaded(version("3.1"), OPENSSL)
    uploaded(version("3.2"), OPENSSL)
    pk, client = ComponentIdentity.objects.get().pk, browser()
    assert "openssl 3.0.7 is in 2 versions." in page(client, "component", pk)

    said = {
        "about": "every",
        "level": "no-longer-maintained",
        "ends_on": "2026-09-07",
        "source": "openssl.org",
        "why": "x",
    }
    client.post(reverse("support-state", args=[pk]), said)
    assert SupportStatement.objects.get().product == "name:openssl"
    assert "openssl.org" in page(client, "component", pk)
    refused = client.post(reverse("support-state", args=[pk]), {**said, "ends_on": ""})
    assert refused.status_code == 400
    assert "Give the day, or say why it cannot be given." in refused.content.decode()


def test_support_that_has_ended_is_the_title_and_whose_limit_it_is_is_said() -> None:
    """The firm's limit is called the firm's."""
    gone = {"properties": [{"name": "cdx:fda:level-of-support", "value": "abandoned"}]}
    uploaded(version(state="shipped"), {**ZLIB, **gone})

    text = page(browser(), "support")
    assert "Nobody supports 1 component of what is in the field any more." in text
    assert "730 days ahead are looked at (firm:" in text


def test_a_component_by_hand_is_added_and_removed_with_a_reason() -> None:
    """From the version, and from its own page."""
    of, client = version(), browser()
    given = {"name": "VxWorks", "version": "7", "kind": "operating-system", "component_class": "commercial"}
    added = client.post(reverse("component-add", args=[of.pk]), {**given, "support_level": "unknown", "why": "BSP"})
    assert added.status_code == 302
    assert names(of) == ["VxWorks 7"]

    client.post(reverse("component-remove", args=[Component.objects.get().pk]), {"why": "Board C has none."})
    assert names(of) == []


def test_an_alias_goes_from_a_suggestion_to_what_counts_and_back() -> None:
    """Suggested, proposed, approved, retired: each on the same page."""
    publish_records(store(), [record("CVE-2026-1", nvd_range("a:acme:pumpos", "2.0"))])
    uploaded(version(), component("PumpOS"))
    client = browser()
    assert "No source knows 1 component, though one has a product of that name." in page(client, "aliases")
    assert "a:acme:pumpos</textarea>" in page(client, "alias-propose", name="PumpOS", cpe="a:acme:pumpos")

    client.post(reverse("alias-propose"), {"names": "PumpOS", "cpes": "a:acme:pumpos", "why": "Data sheet."})
    assert "1 alias waits for somebody to look." in page(client, "aliases")
    entry = AliasEntry.objects.get()
    for deed, state in (("approve", "approved"), ("retire", "retired")):
        client.post(reverse("alias-decide", args=[entry.pk]), {"deed": deed, "why": "Looked at."})
        entry.refresh_from_db()
        assert entry.state == state


def test_an_alias_takes_several_names_and_says_how_versions_are_ordered() -> None:
    """Of each kind one a line."""
    given = {"names": "PumpOS\nPump OS\n", "cpes": "o:acme:pumpos\no:acme:pump_os", "scheme": "semver", "why": "x"}
    browser().post(reverse("alias-propose"), given)

    entry = AliasEntry.objects.get()
    assert (entry.names, entry.cpes, entry.scheme) == (
        ["PumpOS", "Pump OS"],
        ["o:acme:pumpos", "o:acme:pump_os"],
        "semver",
    )


def test_the_api_describes_itself_for_people_without_a_script() -> None:
    """Served by the site, under the strict policy."""
    text = page(browser(), "api-docs")
    assert "PUT /api/postmarket/v1/sboms" in text
    assert 'id="shape-SbomStatus"' in text
    assert "unsafe" not in text


def test_an_auditor_reads_and_is_offered_nothing_to_change() -> None:
    """No form whose answer would be a refusal."""
    sbom = uploaded(version(), OPENSSL)
    client = browser(Role.AUDITOR)

    assert "Upload another" not in page(client, "sbom", sbom.pk)
    assert "Propose an alias" not in page(client, "aliases")
    assert "Say it" not in page(client, "component", ComponentIdentity.objects.get().pk)
