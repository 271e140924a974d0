"""What SPDX 2 and SPDX 3 say in other words than CycloneDX, and the annotations that carry properties."""

from __future__ import annotations

import re
from collections.abc import Iterable

NO_ANSWER = frozenset(("NOASSERTION", "NONE", ""))

_PURPOSES = {
    "operatingsystem": "operating-system",
    "devicedriver": "device-driver",
    "diskimage": "container",
    "filesystemimage": "container",
    "install": "application",
    "executable": "application",
    "archive": "file",
    "model": "machine-learning-model",
}
_SAME_WORD = frozenset(
    ("application", "framework", "library", "container", "device", "firmware", "file", "data", "platform")
)
_ACTOR = re.compile(r"(?:Organization|Person|Tool)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"([A-Za-z][\w.-]*(?::[\w.-]+)*)\s*[=:]\s*(\S.*)")


def component_kind(purpose: str) -> str:
    """An SPDX primary purpose in CycloneDX's words; what has none there is a library, as CycloneDX advises."""
    word = purpose.lower().replace("-", "").replace("_", "")
    return word if word in _SAME_WORD else _PURPOSES.get(word, "library")


def stated(value: str) -> str:
    """`value`, or empty for NOASSERTION and NONE: neither tells anything."""
    return "" if value.upper() in NO_ANSWER else value


def actor(value: str) -> str:
    """`Organization: Acme (psirt@acme.example)` as `Acme`; NOASSERTION as empty."""
    found = _ACTOR.match(value)
    name = (found[1] if found else value).strip()
    if name.endswith(")"):
        head, opened, address = name.rpartition("(")
        name = head.strip() if opened and ")" not in address[:-1] else name
    return stated(name)


def annotated_properties(comments: Iterable[str]) -> dict[str, str]:
    """
    Properties out of annotation comments: each line `name: value` or `name=value`, names as in CycloneDX
    (`cdx:fda:level-of-support: abandoned`). Any other comment is kept whole under `annotation`.
    """
    found: dict[str, str] = {}
    for comment in comments:
        lines = [line.strip() for line in comment.splitlines() if line.strip()]
        matches = [_PROPERTY.fullmatch(line) for line in lines]
        if lines and all(matches):
            found.update((match[1], match[2].strip()) for match in matches if match)
        elif comment.strip():
            found["annotation"] = comment.strip()
    return found
