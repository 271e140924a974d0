"""
Keys and other secrets under a passphrase: scrypt (RFC 7914) makes the key, ChaCha20-Poly1305 (RFC 8439) seals.

Whoever has the file alone can neither sign records nor open second factors with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from postmarket.backup.errors import NoBackup, WrongKeys

SHORTEST = 12
COST, BLOCK, LANES = 2**17, 8, 1
"""128 MiB and about half a second for each try."""
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32
USE = b"postmarket backup 1"


class Box(msgspec.Struct, frozen=True):
    """What lies in the archive."""

    salt: bytes
    nonce: bytes
    sealed: bytes


def check_passphrase(passphrase: str) -> None:
    """Raise WrongKeys for one that is too short to protect anything."""
    if len(passphrase) < SHORTEST:
        raise WrongKeys(
            "The passphrase is too short",
            why=f"it has {len(passphrase)} characters of at least {SHORTEST}",
            next_step="Use a sentence, and keep it apart from the backup.",
        )


def seal(files: Mapping[str, bytes], passphrase: str) -> bytes:
    """Files by name, sealed. Raises WrongKeys for a passphrase that is too short."""
    check_passphrase(passphrase)
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    content = msgspec.json.encode(dict(files))
    return msgspec.json.encode(Box(salt, nonce, ChaCha20Poly1305(_key(passphrase, salt)).encrypt(nonce, content, USE)))


def open_sealed(content: bytes, passphrase: str) -> dict[str, bytes]:
    """The files that `seal` sealed. Raises WrongKeys when the passphrase is another, NoBackup for what is no box."""
    try:
        box = msgspec.json.decode(content, type=Box)
        plain = ChaCha20Poly1305(_key(passphrase, box.salt)).decrypt(box.nonce, box.sealed, USE)
        return msgspec.json.decode(plain, type=dict[str, bytes])
    except InvalidTag as error:
        raise WrongKeys(
            "The passphrase does not open the keys in this backup",
            next_step="Give the one it was made with; without it: --without-keys.",
        ) from error
    except (msgspec.DecodeError, ValueError) as error:
        raise NoBackup("its keys cannot be read") from error


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=COST, r=BLOCK, p=LANES).derive(passphrase.encode("utf-8"))
