"""
The key that signs heads (Ed25519, RFC 8032), kept outside the database: whoever can write there still cannot sign.

It is made once, in `keys/` of the home, readable by its owner alone; its public half lies beside it, to be given away.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from postmarket.records.errors import KeyTrouble

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "keys"
SECRET = "records.key"  # noqa: S105 - the file's name
PUBLIC = "records.pub"
PUBLIC_FILES = "*.pub"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The secret key, and `public`: the 32 bytes of its public half in lower-case hex, which name it."""

    secret: Ed25519PrivateKey
    public: str

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes that prove this key saw `message`."""
        return self.secret.sign(message)


@lru_cache(maxsize=8)
def signing_key(home: Path) -> SigningKey:
    """The key in `home`, made on first use. Raises KeyTrouble when it cannot be made, kept or read."""
    path = home / FOLDER / SECRET
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        secret = load_pem_private_key(path.read_bytes(), password=None)
        if isinstance(secret, Ed25519PrivateKey):
            _publish(secret, path.with_name(PUBLIC))
    except OSError as error:
        raise KeyTrouble(
            "The key that signs records cannot be kept",
            where=str(path),
            why=error.strerror or str(error),
            next_step="Make the folder writable for the user postmarket runs as.",
        ) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key(path) from error
    if not isinstance(secret, Ed25519PrivateKey):
        raise _no_key(path)
    return SigningKey(secret, _named(secret.public_key()))


def trusted(home: Path) -> frozenset[str]:
    """The public keys in `home`: this one's, and those of earlier keys. Raises KeyTrouble for a spoilt file."""
    return frozenset(public_key(path) for path in sorted((home / FOLDER).glob(PUBLIC_FILES)))


def public_key(path: Path) -> str:
    """The public key in a PEM file, as lower-case hex. Raises KeyTrouble when there is none."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise KeyTrouble("The public key cannot be read", where=str(path), why=error.strerror or str(error)) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key(path) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path)
    return _named(key)


def is_signed(message: bytes, signature: bytes, *, key: str) -> bool:
    """Whether the key named `key` made `signature` over `message`; also False when `key` names none."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _make(path: Path) -> None:
    """Write a new key whole, or leave the one another process wrote meanwhile."""
    secret = Ed25519PrivateKey.generate()
    unfinished = path.with_name(f"{SECRET}.{os.getpid()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        unfinished.unlink()


def _publish(secret: Ed25519PrivateKey, path: Path) -> None:
    """Lay the public half beside the key, also when a process was killed between the two."""
    if not path.exists():
        path.write_bytes(secret.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _named(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _no_key(path: Path) -> KeyTrouble:
    return KeyTrouble(
        "This is no Ed25519 key",
        where=str(path),
        next_step="Restore the file from a backup of the home; make no new one.",
    )
