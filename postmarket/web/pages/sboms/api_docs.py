"""The API's description for people: made from the same document as machines get, without a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from postmarket.api.urls import ROOT, api


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of an answer."""

    name: str
    place: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing the API does."""

    id: str
    method: str
    path: str
    title: str
    words: str
    parameters: tuple[Field, ...]
    bodies: tuple[str, ...]
    answers: tuple[tuple[str, tuple[str, ...]], ...]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation, its parameters, and the fields of its answers."""
    document: Mapping[str, Any] = api.get_openapi_schema(path_prefix=ROOT)
    context = {"operations": list(_operations(document)), "shapes": list(_shapes(document))}
    return render(request, "sboms/api_docs.html", context)


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            yield Operation(
                id=said["operationId"],
                method=method.upper(),
                path=path,
                title=said.get("summary", ""),
                words=said.get("description", ""),
                parameters=tuple(_parameter(one) for one in said.get("parameters", ())),
                bodies=tuple(said.get("requestBody", {}).get("content", ())),
                answers=tuple((str(status), _named(one)) for status, one in said["responses"].items()),
            )


def _shapes(document: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[Field, ...]]]:
    for name, said in document["components"]["schemas"].items():
        fields = tuple(_field(key, one) for key, one in said.get("properties", {}).items())
        yield name, said.get("description", ""), fields


def _parameter(said: Mapping[str, Any]) -> Field:
    schema = said.get("schema", {})
    return Field(said["name"], said["in"], _kind(schema), said.get("description") or schema.get("description", ""))


def _field(name: str, said: Mapping[str, Any]) -> Field:
    return Field(name, "", _kind(said), said.get("description", ""))


def _kind(schema: Mapping[str, Any]) -> str:
    several = schema.get("anyOf") or schema.get("allOf")
    if several:
        return " or ".join(_kind(one) for one in several)
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("format") or schema.get("type") or "")


def _named(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The shapes an answer may have."""
    content: Mapping[str, Any] = said.get("content", {})
    schema: Mapping[str, Any] = next((one.get("schema", {}) for one in content.values()), {})
    return tuple(_kind(schema).split(" or ")) if schema else ()
