"""Secrets that are sent once and kept as hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings

BYTES = 32


def make_secret() -> str:
    """256 random bits, fit for a web address."""
    return secrets.token_urlsafe(BYTES)


def sha256_of(secret: str) -> str:
    """What is kept of it, in hexadecimal. Enough for random secrets; passwords have a slow hash of their own."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_hash(purpose: str, text: str) -> str:
    """A hash that nobody without the site's secret can match to a guessed text, in hexadecimal."""
    key = f"postmarket.accounts.{purpose}:{settings.SECRET_KEY}".encode()
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
