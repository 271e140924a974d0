"""Single sign-on: who may come in that way."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse, SignupClosedException
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from postmarket.accounts.addresses import canonical_email
from postmarket.accounts.errors import InvalidPerson
from postmarket.accounts.models import Person
from postmarket.accounts.records_of_sign_in import note_link
from postmarket.accounts.services.single_sign_on import admit, roles_from
from postmarket.accounts.signing.single_sign_on import finish_signing, is_signing


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Only people who were invited, or whom the provider's domains and role mapping let in."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """
        Turn to the signing ceremony when that sent the person to the provider; else know an invited person.

        They are known by the address their provider verified, once; from then on by the provider's own id for them.
        """
        if is_signing(sociallogin):
            raise ImmediateHttpResponse(finish_signing(request, sociallogin, now=timezone.now()))
        if sociallogin.is_existing:
            return
        person = Person.objects.filter(email=_verified(sociallogin), is_active=True).first()
        if person is not None:
            sociallogin.connect(request, person)
            note_link(person=person, provider=sociallogin.account.provider, now=timezone.now())

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whether a provider's domain and mapping give this newcomer a role; not one who was deactivated."""
        email = _verified(sociallogin)
        return bool(email and self._mapped(sociallogin)) and not Person.objects.filter(email=email).exists()

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """There is no form to fill in: either they come in, or not."""
        return True

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Person:
        """Add the newcomer with the mapped roles. Raises SignupClosedException when they have none."""
        email, roles = _verified(sociallogin), self._mapped(sociallogin)
        if not email or not roles:
            raise SignupClosedException
        provider = sociallogin.account.provider
        person = admit(
            email=email, name=_name(sociallogin) or email, roles=roles, provider=provider, now=timezone.now()
        )
        sociallogin.user = person
        sociallogin.save(request, connect=True)
        return person

    def _mapped(self, sociallogin: SocialLogin) -> frozenset[Any]:
        provider = next((one for one in settings.OIDC_PROVIDERS if one.id == sociallogin.account.provider), None)
        email = _verified(sociallogin)
        if provider is None or not email or email.rpartition("@")[2] not in provider.domains:
            return frozenset()
        return roles_from(_claims(sociallogin).get(provider.roles_claim), mapping=provider.roles)


def _verified(sociallogin: SocialLogin) -> str:
    """The address the provider vouches for, in our form; "" when there is none."""
    for address in sociallogin.email_addresses:
        if address.verified is True:
            try:
                return canonical_email(address.email)
            except InvalidPerson:
                return ""
    return ""


def _claims(sociallogin: SocialLogin) -> dict[str, Any]:
    data = sociallogin.account.extra_data or {}
    return {**(data.get("id_token") or {}), **(data.get("userinfo") or {})}


def _name(sociallogin: SocialLogin) -> str:
    name = _claims(sociallogin).get("name")
    return name if isinstance(name, str) else ""
