"""Anchors to another system by HTTP POST; the body is the anchor file, which carries its Ed25519 signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from postmarket.records.anchors.interface import written
from postmarket.records.errors import AnchorTrouble

if TYPE_CHECKING:
    from postmarket.records.heads import SignedHead

PATIENCE_SECONDS = 20
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Webhook:
    """
    An address that takes anchors: https, or http on this machine alone. Any answer from 200 to 299 says it is kept.
    """

    url: str

    @property
    def name(self) -> str:
        """What it is called in records: the host alone, since a path or query may hold a secret."""
        return f"webhook at {_parts(self.url)[1] or 'no host'}"

    def deliver(self, anchor: SignedHead) -> None:
        """Post the anchor; redirects are not followed. Raises AnchorTrouble, also for an address that is not safe."""
        import httpx

        scheme, host = _parts(self.url)
        if not host or not (scheme == "https" or (scheme == "http" and host in LOOPBACK)):
            raise AnchorTrouble(
                "Anchors are sent by https only",
                where=self.name,
                next_step="Give POSTMARKET_ANCHOR_WEBHOOK an https address.",
            )

        try:
            answer = httpx.post(
                self.url,
                content=written(anchor),
                headers={
                    "Content-Type": "application/json",
                    "Postmarket-Signature": f"ed25519={anchor.signature.hex()}",
                },
                timeout=PATIENCE_SECONDS,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._trouble(str(error) or type(error).__name__) from error
        if not answer.is_success:
            raise self._trouble(f"it answered {answer.status_code}")

    def _trouble(self, why: str) -> AnchorTrouble:
        return AnchorTrouble(
            "The anchor cannot be posted",
            where=self.name,
            why=why,
            next_step="Check the other system; the next anchor covers all that this one would have.",
        )


def _parts(url: str) -> tuple[str, str]:
    """The scheme and the host of an address; "" for what it has not."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return "", ""
