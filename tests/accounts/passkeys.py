"""A passkey in software: what a device would answer, signed with a key of its own (WebAuthn Level 2, ES256, "none")."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from postmarket.accounts.models import Person

HOST = "testserver"
ORIGIN = f"https://{HOST}"
FLAG = AuthenticatorData.FLAG


@dataclass
class SoftPasskey:
    """A device that says its user was there, and (`verifies`) that it checked who."""

    verifies: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(16))

    def kept_by(self, person: Person) -> Authenticator:
        """Have the site keep it for somebody."""
        cose = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]  # fido2 forgot it
        public = AttestedCredentialData.create(Aaguid.NONE, self.id, cose)
        flags = FLAG.UP | FLAG.UV | FLAG.AT
        attestation = AttestationObject.create("none", AuthenticatorData.create(_host(), flags, 0, public), {})
        client = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"0" * 32, ORIGIN)
        credential = {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": websafe_encode(bytes(client)),
                "attestationObject": websafe_encode(bytes(attestation)),
            },
            "clientExtensionResults": {},
        }
        return Authenticator.objects.create(
            user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Soft", "credential": credential}
        )

    def answer(self, options: dict[str, Any], *, origin: str = ORIGIN) -> dict[str, Any]:
        """To the site's challenge, from a page of `origin`."""
        client = CollectedClientData.create(CollectedClientData.TYPE.GET, options["publicKey"]["challenge"], origin)
        data = AuthenticatorData.create(_host(), FLAG.UP | FLAG.UV if self.verifies else FLAG.UP, 1)
        signature = self.key.sign(bytes(data) + client.hash, ec.ECDSA(SHA256()))
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": websafe_encode(bytes(client)),
                "authenticatorData": websafe_encode(bytes(data)),
                "signature": websafe_encode(signature),
                "userHandle": None,
            },
            "clientExtensionResults": {},
        }


def _host() -> bytes:
    return hashlib.sha256(HOST.encode()).digest()
