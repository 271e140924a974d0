"""The elements of an SPDX 3 document by id, whatever way the JSON-LD spells a reference or a type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from postmarket.sbom.values import NOTHING, record, records, text

_PROFILE_PREFIXES = ("software_", "security_", "simplelicensing_", "expandedlicensing_", "ai_", "dataset_", "core_")


def element_type(element: Mapping[str, Any]) -> str:
    """The class name without its profile: `software_Package`, or the whole IRI of it, is `Package`."""
    return bare(text(element.get("type")) or text(element.get("@type")))


def element_id(element: Mapping[str, Any]) -> str:
    """The element's `spdxId` or `@id`."""
    return text(element.get("spdxId")) or text(element.get("@id"))


def bare(name: str) -> str:
    """A property or class name without profile prefix or IRI."""
    tail = name.rpartition("/")[2] if "://" in name else name
    for prefix in _PROFILE_PREFIXES:
        if tail.startswith(prefix):
            return tail[len(prefix) :]
    return tail


def value(element: Mapping[str, Any], field: str) -> Any:
    """The field, with or without the prefix of its profile; 3.0 drafts wrote none."""
    for key in (field, *(prefix + field for prefix in _PROFILE_PREFIXES)):
        if key in element:
            return element[key]
    return None


class Elements:
    """Every element of a document, those written inline included."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        graph = document.get("@graph")
        self.listed: list[tuple[str, Mapping[str, Any]]] = (
            [(f"@graph[{number}]", one) for number, one in enumerate(graph) if isinstance(one, dict)]
            if isinstance(graph, list)
            else [("", document)]
        )
        for place, one in list(self.listed):
            if element_type(one) in ("SpdxDocument", "Sbom", "Bom", "Bundle"):
                self.listed.extend(_inline(one, place))
        self._by_id = {element_id(one): one for _, one in reversed(self.listed) if element_id(one)}

    def get(self, reference: object) -> Mapping[str, Any]:
        """The element a reference means: an id, `{"@id": …}`, or the element itself; unknown ones are empty."""
        inline = record(reference)
        known = self._by_id.get(element_id(inline) or text(reference), NOTHING)
        return known if known and len(inline) <= 2 else inline

    def of_type(self, *types: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Place and element of every element of these types, in the order of the file."""
        return ((place, one) for place, one in self.listed if element_type(one) in types)

    def __contains__(self, reference: object) -> bool:
        return reference in self._by_id


def ids(written: object) -> list[str]:
    """The ids in a reference or a list of references."""
    many = written if isinstance(written, list) else [written]
    return [found for found in (element_id(one) if isinstance(one, dict) else text(one) for one in many) if found]


def _inline(element: Mapping[str, Any], place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for field in ("element", "rootElement"):
        for number, one in enumerate(records(element.get(field))):
            if element_type(one):
                yield f"{place}.{field}[{number}]".lstrip("."), one
