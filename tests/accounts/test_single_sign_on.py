"""Single sign-on against a provider that really answers, on loopback."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.accounts.services.single_sign_on import roles_from
from postmarket.accounts.signing.ceremony import begin_ceremony
from postmarket.config import oidc
from postmarket.records import Subject
from postmarket.records.meanings import Meaning
from postmarket.records.models import Entry, Signature
from tests.accounts.builders import line, person, with_generator
from tests.accounts.provider import CLIENT, Provider, running
from tests.accounts.signing import KIND, signable

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    """A provider the site trusts with second factors, for newcomers of example.com with a mapped role."""
    with running() as found:
        entra = oidc.Provider(
            id="entra",
            name="Example Medical",
            issuer=found.issuer,
            client_id=CLIENT,
            client_secret="s3cret",  # noqa: S106 - of nobody
            second_factor=True,
            domains=("example.com",),
            roles={"psirt": "psirt-analyst", "boss": "administrator"},
        )
        settings.OIDC_PROVIDERS = (entra,)
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": oidc.allauth_apps((entra,))}}
        yield found


def ana(**more: object) -> dict[str, object]:
    """What the provider says of Ana."""
    return {"sub": "u-7", "email": "ana@example.com", "email_verified": True, "name": "Ana Reed"} | more


def come(provider: Provider, client: Client) -> HttpResponseBase:
    """Press the button, sign in there, come back."""
    there = client.post(reverse("openid_connect_login", args=["entra"]))
    back = urlsplit(provider.authorize(there.headers["Location"]))
    return client.get(f"{back.path}?{back.query}")


def kinds() -> list[str]:
    """What the trail says happened, in order."""
    return [json.loads(bytes(entry.content))["kind"] for entry in Entry.objects.order_by("number")]


def test_the_sign_in_page_offers_the_provider(provider: Provider) -> None:
    """By its name."""
    assert "Example Medical" in Client().get(reverse("account_login")).content.decode()


def test_an_invited_person_is_known_by_the_verified_address(provider: Provider) -> None:
    """Linked once, on record, their password untouched; the provider's second factor is enough."""
    invited, client = person("Ana Reed", Role.PSIRT_ANALYST, email="ana@example.com"), Client()
    provider.claims = ana()
    come(provider, client)

    assert client.get("/people/").status_code == 200
    assert SocialAccount.objects.get().user_id == invited.pk
    invited.refresh_from_db()
    assert invited.has_usable_password()
    assert kinds() == ["person.linked", "person.signed-in"]
    assert provider.asked[0]["code_challenge_method"] == "S256"


def test_after_that_they_are_known_by_the_provider_s_own_id(provider: Provider) -> None:
    """A changed address opens the same account; somebody else with the old address does not."""
    invited = person("Ana Reed", Role.AUDITOR, email="ana@example.com")
    provider.claims = ana()
    come(provider, Client())
    provider.claims = ana(email="ana.reed@example.com")
    client = Client()
    come(provider, client)

    assert client.session["_auth_user_id"] == str(invited.pk)


@pytest.mark.parametrize(
    "claims",
    [ana(email_verified=False), ana(email="eve@elsewhere.example"), ana(groups=["cafeteria"]), ana(groups=["boss"])],
    ids=["unverified", "another domain", "no mapped role", "administrator"],
)
def test_nobody_else_comes_in(provider: Provider, claims: dict[str, object]) -> None:
    """Nobody uninvited without a role their provider's mapping gives, and never as administrator."""
    provider.claims, client = claims, Client()
    page = come(provider, client)

    assert "You are not invited here yet" in page.content.decode()  # type: ignore[attr-defined]  # a whole page
    assert not Person.objects.exists()


def test_an_unverified_address_opens_no_invited_account(provider: Provider) -> None:
    """Whoever types somebody's address into their own provider."""
    person("Ana Reed", Role.QUALITY, email="ana@example.com")
    provider.claims, client = ana(email_verified=False), Client()
    come(provider, client)

    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


def test_a_newcomer_with_a_mapped_role_comes_in(provider: Provider) -> None:
    """With that role for all lines; the trail says whose mapping gave it."""
    provider.claims, client = ana(groups=["psirt", "cafeteria"]), Client()
    come(provider, client)

    assert client.get("/people/").status_code == 200
    assert Person.objects.get().role_words == "PSIRT analyst"
    assert kinds() == ["person.admitted", "role.granted", "person.signed-in"]


@pytest.mark.parametrize("linked", [True, False])
def test_a_deactivated_person_does_not_come_back_this_way(provider: Provider, linked: bool) -> None:
    """Whether they came so before or not; and no second person is made of their address."""
    gone = person("Ana Reed", Role.QUALITY, email="ana@example.com")
    if linked:
        SocialAccount.objects.create(user=gone, provider="entra", uid="u-7")
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    provider.claims, client = ana(groups=["psirt"]), Client()
    come(provider, client)

    assert "_auth_user_id" not in client.session
    assert Person.objects.count() == 1


@pytest.mark.parametrize("changed", [{"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}])
def test_a_token_for_somebody_else_is_no_sign_in(provider: Provider, changed: dict[str, object]) -> None:
    """Audience, issuer and time are checked."""
    person("Ana Reed", Role.AUDITOR, email="ana@example.com")
    provider.claims, client = ana(**changed), Client()
    page = come(provider, client)

    assert "Single sign-on did not work" in page.content.decode()  # type: ignore[attr-defined]  # a whole page
    assert "_auth_user_id" not in client.session


def test_a_provider_that_is_not_trusted_with_second_factors_leaves_it_to_the_site(
    provider: Provider, settings: Settings
) -> None:
    """Whoever changes something then sets one up here."""
    (entra,) = settings.OIDC_PROVIDERS
    plain = oidc.Provider(entra.id, entra.name, entra.issuer, entra.client_id, entra.client_secret)
    settings.OIDC_PROVIDERS = (plain,)
    person("Ana Reed", Role.QUALITY, email="ana@example.com")
    provider.claims, client = ana(), Client()
    come(provider, client)

    assert client.get("/people/").headers["Location"] == reverse("account")


@pytest.mark.parametrize(("seconds", "signs"), [(0, True), (-3600, False)])
def test_signing_asks_the_provider_anew(provider: Provider, seconds: int, signs: bool) -> None:
    """With `prompt=login`; an answer that rests on an earlier sign-in signs nothing, and nobody is signed in by it."""
    line("Pumps")
    jonas, client = person("Jonas Weber", Role.CYBERSECURITY_LEAD), Client()
    with_generator(jonas)
    SocialAccount.objects.create(user=jonas, provider="entra", uid="u-7")
    client.force_login(jonas)
    with signable():
        ceremony = begin_ceremony(
            person=jonas,
            subjects=[Subject(KIND, "pumps")],
            meaning=Meaning.APPROVED,
            why="Why.",
            back_to="/people/",
            now=timezone.now(),
        )
        page = reverse("accounts:sign", args=[ceremony.key])
        provider.claims = ana(auth_time=int(time.time()) + seconds)
        there = client.post(reverse("accounts:sign-on", args=[ceremony.key])).headers["Location"]
        back = urlsplit(provider.authorize(there))
        assert client.get(f"{back.path}?{back.query}").headers["Location"] == page
        assert client.get(page).status_code == 200
        said = client.post(page, {"way": "sign-on"})
        again = client.post(page, {"way": "sign-on"})

    assert (provider.asked[0]["prompt"], provider.asked[0]["max_age"]) == ("login", "0")
    assert said.status_code == (302 if signs else 400)
    assert Signature.objects.count() == int(signs)
    assert again.status_code == 400
    assert client.session["_auth_user_id"] == str(jonas.pk)


def test_somebody_else_s_sign_on_signs_nothing(provider: Provider) -> None:
    """A colleague's account at the same provider."""
    line("Pumps")
    jonas, client = person("Jonas Weber", Role.CYBERSECURITY_LEAD), Client()
    with_generator(jonas)
    SocialAccount.objects.create(user=jonas, provider="entra", uid="u-7")
    SocialAccount.objects.create(user=person("Eve"), provider="entra", uid="u-8")
    client.force_login(jonas)
    with signable():
        ceremony = begin_ceremony(
            person=jonas,
            subjects=[Subject(KIND, "pumps")],
            meaning=Meaning.APPROVED,
            why="Why.",
            back_to="",
            now=timezone.now(),
        )
        provider.claims = ana(sub="u-8")
        there = client.post(reverse("accounts:sign-on", args=[ceremony.key])).headers["Location"]
        back = urlsplit(provider.authorize(there))
        client.get(f"{back.path}?{back.query}")
        said = client.post(reverse("accounts:sign", args=[ceremony.key]), {"way": "sign-on"})

    assert "made by somebody else" in said.content.decode()
    assert client.session["_auth_user_id"] == str(jonas.pk)
    assert not Signature.objects.exists()


def test_a_mapping_gives_known_roles_only() -> None:
    """Whatever a claim holds."""
    mapping = {"psirt": "psirt-analyst", "boss": "administrator", "typo": "psirt-anlyst"}

    assert roles_from(["psirt", "boss", "typo", 7, None], mapping=mapping) == {Role.PSIRT_ANALYST}
    assert roles_from("psirt", mapping=mapping) == {Role.PSIRT_ANALYST}
    assert roles_from({"psirt": True}, mapping=mapping) == frozenset()
