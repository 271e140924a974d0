"""Hash algorithms by the name CycloneDX gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postmarket.sbom.notes import Notes

ALGORITHMS = (
    "MD2",
    "MD4",
    "MD5",
    "MD6",
    "SHA-1",
    "SHA-224",
    "SHA-256",
    "SHA-384",
    "SHA-512",
    "SHA3-224",
    "SHA3-256",
    "SHA3-384",
    "SHA3-512",
    "BLAKE2b-256",
    "BLAKE2b-384",
    "BLAKE2b-512",
    "BLAKE3",
    "ADLER32",
    "Streebog-256",
    "Streebog-512",
)
_BY_LETTERS = {re.sub(r"[-_]", "", name).lower(): name for name in ALGORITHMS}
_HEX = re.compile(r"[0-9a-fA-F]{8,}")


def algorithm_name(written: str) -> str:
    """`SHA256`, `sha3_256` or `checksumAlgorithm_sha1` as CycloneDX writes them; an unknown one as it is written."""
    letters = re.sub(r"[-_]", "", written.lower().removeprefix("checksumalgorithm_"))
    return _BY_LETTERS.get(letters, written)


def read_hashes(pairs: Iterable[tuple[str, str]], *, place: str, notes: Notes) -> dict[str, str]:
    """Algorithm to lower-case hex; a value that is not hex is left out with a note, as it can prove nothing."""
    found: dict[str, str] = {}
    for algorithm, content in pairs:
        if _HEX.fullmatch(content):
            found.setdefault(algorithm_name(algorithm), content.lower())
        elif content:
            notes.add(place, f"the {algorithm or 'unnamed'} hash is not hexadecimal and is left out.", kind="bad hash")
    return found
