"""
CycloneDX XML, 1.0 to 1.7 (https://cyclonedx.org/docs/1.7/xml/), brought into the shape of CycloneDX JSON.

1.0 and 1.1 are read as far as they go: their dependencies and vulnerabilities live in extensions of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from postmarket.sbom.cyclonedx import read_document
from postmarket.sbom.interface import Format

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from postmarket.sbom.interface import Bom

NAMESPACE = "http://cyclonedx.org/schema/bom/"


def recognises(root: Element) -> bool:
    """Whether the root is a CycloneDX `bom`."""
    return root.tag.startswith("{" + NAMESPACE) and _tag(root) == "bom"


def read(root: Element, *, name: str) -> Bom:
    """The Bom under a CycloneDX root element; places in it are written as in JSON. Raises SbomError."""
    document = _object(root) | {
        "specVersion": root.tag[len(NAMESPACE) + 1 :].partition("}")[0],
        "serialNumber": root.get("serialNumber", ""),
    }
    return read_document(document, format=Format.CYCLONEDX_XML, name=name)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _object(element: Element) -> dict[str, Any]:
    """
    The JSON object for an element: attributes and children become keys, both by local name.

    A child with a shape of its own in JSON is read by its entry in _SHAPES; the rest by whether it has children.
    """
    found: dict[str, Any] = dict(element.attrib)
    for child in element:
        tag = _tag(child)
        shape = _SHAPES.get(tag)
        if shape:
            found[tag] = shape(child, found.get(tag))
        elif len(child):
            found[tag] = _object(child)
        else:
            found[tag] = _text(child) or dict(child.attrib) or ""
    return found


def _list(element: Element, _: Any) -> list[dict[str, Any]]:
    """`<components><component/></components>` is a JSON list of objects."""
    return [_object(child) for child in element]


def _hashes(element: Element, _: Any) -> list[dict[str, str]]:
    return [{"alg": child.get("alg", ""), "content": _text(child)} for child in element]


def _properties(element: Element, _: Any) -> list[dict[str, str]]:
    return [
        {"name": child.get("name", ""), "value": (child.get("value") or "").strip() or _text(child)}
        for child in element
    ]


def _licenses(element: Element, _: Any) -> list[dict[str, Any]]:
    return [
        {"expression": _text(child)} if _tag(child) == "expression" else {"license": _object(child)}
        for child in element
    ]


def _dependencies(element: Element, _: Any) -> list[dict[str, Any]]:
    """Dependencies nest by attribute here; in compositions the same word is a list of refs."""
    return [
        {
            "ref": child.get("ref", ""),
            "dependsOn": [inner.get("ref", "") for inner in child if _tag(inner) == "dependency"],
            "provides": [inner.get("ref", "") for inner in child if _tag(inner) == "provides"],
        }
        for child in element
    ]


def _compositions(element: Element, _: Any) -> list[dict[str, Any]]:
    return [
        {
            "aggregate": next((_text(part) for part in child if _tag(part) == "aggregate"), ""),
            "assemblies": list(_refs(child, "assemblies")),
            "dependencies": list(_refs(child, "dependencies")),
        }
        for child in element
    ]


def _refs(composition: Element, part: str) -> Iterator[str]:
    for group in composition:
        if _tag(group) == part:
            yield from (one.get("ref", "") for one in group)


def _patch(element: Element) -> dict[str, Any]:
    """`resolves` holds its issues in 1.2 and later as `<resolves><issue type="security"><id/></issue></resolves>`."""
    issues = [_object(issue) for part in element if _tag(part) == "resolves" for issue in part]
    return {"type": element.get("type", ""), "resolves": issues}


def _patches(element: Element, _: Any) -> list[dict[str, Any]]:
    return [_patch(child) for child in element]


def _repeated(element: Element, before: Any) -> list[dict[str, Any]]:
    """A tag that stands several times where JSON has one list: `<identity>` in evidence (1.6)."""
    found: list[dict[str, Any]] = before or []
    found.append(_object(element))
    return found


def _affects(element: Element, _: Any) -> list[dict[str, Any]]:
    return [_object(child) for child in element]


def _tools(element: Element, _: Any) -> Any:
    """A list of `tool` up to 1.4; components and services since 1.5."""
    return _list(element, None) if any(_tag(child) == "tool" for child in element) else _object(element)


_SHAPES: dict[str, Callable[[Element, Any], Any]] = {
    "affects": _affects,
    "authors": _list,
    "components": _list,
    "compositions": _compositions,
    "dependencies": _dependencies,
    "hashes": _hashes,
    "identity": _repeated,
    "licenses": _licenses,
    "lifecycles": _list,
    "patches": _patches,
    "properties": _properties,
    "services": _list,
    "tools": _tools,
    "vulnerabilities": _list,
}
