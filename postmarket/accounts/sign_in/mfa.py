"""allauth's adapter for second factors: their secrets encrypted, the last one kept."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from postmarket.accounts.factors import needs_second_factor
from postmarket.accounts.models import Person

USE = b"postmarket.accounts second factors"


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """What allauth asks us. Secrets in the database are useless without the site's secret, which is kept beside it."""

    def encrypt(self, text: str) -> str:
        """`text` sealed with a key derived from the site's secret."""
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` sealed."""
        return _box().decrypt(encrypted_text.encode("ascii")).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last second factor of somebody who must have one."""
        person: Person = authenticator.user
        others = Authenticator.objects.filter(user=person).exclude(pk=authenticator.pk)
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        return not needs_second_factor(person) or others.filter(type__in=kinds).exists()


def _box() -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=USE).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
