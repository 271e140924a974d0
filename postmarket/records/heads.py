"""A head: how long the chain is and how it ends, signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.records import keys
from postmarket.records.canonical import canonical
from postmarket.records.interface import instant

if TYPE_CHECKING:
    from datetime import datetime

    from postmarket.records.keys import SigningKey

PREFIX = b"postmarket head v1\x00"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """
    The chain named `chain` had `number` entries at `at`, and the last one's hash is `hash` (32 bytes).

    `key` is the public key in hex, `signature` its 64 bytes over all of that.
    """

    chain: str
    number: int
    hash: bytes
    at: datetime
    key: str
    signature: bytes

    def is_signed_by(self, trusted: frozenset[str]) -> bool:
        """Whether one of the keys in `trusted` signed exactly this."""
        message = _message(self.chain, self.number, self.hash, self.at)
        return self.key in trusted and keys.is_signed(message, self.signature, key=self.key)


def sign(key: SigningKey, *, chain: str, number: int, hash_: bytes, at: datetime) -> SignedHead:
    """A head, signed now."""
    signature = key.sign(_message(chain, number, hash_, at))
    return SignedHead(chain, number, hash_, at, key.public, signature)


def _message(chain: str, number: int, hash_: bytes, at: datetime) -> bytes:
    return PREFIX + canonical({"chain": chain, "number": number, "hash": hash_.hex(), "at": instant(at)})
