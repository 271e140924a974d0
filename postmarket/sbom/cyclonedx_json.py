"""CycloneDX JSON, 1.2 to 1.7 (https://cyclonedx.org/docs/1.7/json/)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from postmarket.sbom.cyclonedx import read_document
from postmarket.sbom.interface import Format

if TYPE_CHECKING:
    from postmarket.sbom.interface import Bom


def recognises(document: Mapping[str, Any]) -> bool:
    """Whether it says it is CycloneDX, or, where it says nothing, has CycloneDX's parts."""
    said = document.get("bomFormat")
    return said == "CycloneDX" if said else "specVersion" in document and "components" in document


def read(document: Mapping[str, Any], *, name: str) -> Bom:
    """The Bom in a CycloneDX JSON object. Raises SbomError."""
    return read_document(document, format=Format.CYCLONEDX_JSON, name=name)
