"""
SBOMs inside something else: GitHub's `{"sbom": …}`, in-toto attestations, DSSE envelopes, Sigstore bundles.

Signatures are not checked here; only what they were put around is taken out.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from postmarket.sbom.errors import SbomError
from postmarket.sbom.values import record, text
from postmarket.untrusted.structured import parse_json

MOST_LAYERS = 6


def unwrap(document: Mapping[str, Any], *, name: str) -> Mapping[str, Any]:
    """The SBOM object inside `document`, or `document` itself. Raises SbomError or UntrustedInput."""
    for _ in range(MOST_LAYERS):
        inner = _inside(document, name)
        if inner is None:
            return document
        document = inner
    raise SbomError(
        "this cannot be read as an SBOM",
        where=name,
        why=f"it is wrapped in more than {MOST_LAYERS} layers",
        next_step="Give the SBOM itself.",
    )


def _inside(document: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    for key in ("sbom", "dsseEnvelope", "predicate"):
        if found := record(document.get(key)):
            return found
    if "payload" in document and "payloadType" in document:
        return _payload(text(document.get("payload")), name)
    # The first cosign predicates kept the SBOM as a string, later ones as an object.
    data = document.get("Data")
    if isinstance(data, dict):
        return data
    return _parsed(data.encode("utf-8", "replace"), f"{name}: Data") if isinstance(data, str) else None


def _payload(written: str, name: str) -> Mapping[str, Any]:
    try:
        content = b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raise SbomError(
            "the attestation cannot be opened",
            where=f"{name}: payload",
            why="it is not base64",
            next_step="Fetch the attestation again.",
        ) from None
    return _parsed(content, f"{name}: payload")


def _parsed(content: bytes, name: str) -> Mapping[str, Any]:
    return record(parse_json(content, name=name))
