"""SPDX JSON, 2.2 and 2.3, and what of 2.1 was written in it (https://spdx.github.io/spdx-spec/v2.3/)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from postmarket.sbom.interface import Format
from postmarket.sbom.spdx2 import read_document

if TYPE_CHECKING:
    from postmarket.sbom.interface import Bom


def recognises(document: Mapping[str, Any]) -> bool:
    """Whether it says it is SPDX 2, or, where it says nothing, has an SPDX document's parts."""
    return "spdxVersion" in document or ("SPDXID" in document and "packages" in document)


def read(document: Mapping[str, Any], *, name: str) -> Bom:
    """The Bom in an SPDX 2 JSON object. Raises SbomError."""
    return read_document(document, format=Format.SPDX_JSON, name=name)
