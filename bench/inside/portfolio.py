"""
The portfolio held against the store: `python -m bench.inside.portfolio rematch|delta STORE IDENTITIES`.

Inside the time: everything from an open connection and the listed components to matches with their evidence and
configurations. Outside: reading the SBOMs (`distinct`), starting Python, opening the store.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

DELTA_CVES = 500


class NotBuilt(Exception):
    """The engine has no such call yet; the message says which."""


def distinct(sboms: Path, out: Path) -> int:
    """
    Write each distinct component of the SBOMs in `sboms` once to `out`, one JSON object a line; how many.

    Every object has name, version, cpe, purl, supplier and `sboms`, the number of SBOMs that list it.
    """
    found: dict[tuple[str, ...], int] = {}
    for component in _components(sboms):
        found[component] = found.get(component, 0) + 1
    keys = ("name", "version", "cpe", "purl", "supplier")
    with out.open("w", encoding="utf-8") as file:
        for component, count in found.items():
            file.write(json.dumps(dict(zip(keys, component, strict=True)) | {"sboms": count}) + "\n")
    return len(found)


def rematch(store: Path, identities: Path) -> tuple[float, int]:
    """Match the whole portfolio with the whole store; seconds, and how many matches that made."""
    raise NotBuilt(f"the engine's call for a stored portfolio is not there yet ({store.name}, {identities.name})")


def delta(store: Path, identities: Path) -> tuple[float, int]:
    """Match the whole portfolio with `DELTA_CVES` changed CVEs only; seconds, and how many matches that made."""
    raise NotBuilt(f"the engine's call for a day's changes is not there yet ({store.name}, {identities.name})")


def _components(sboms: Path) -> Iterator[tuple[str, ...]]:
    for path in sorted(sboms.glob("*.json")):
        for item in json.loads(path.read_bytes())["components"]:
            yield item["name"], item["version"], item["cpe"], item["purl"], item["supplier"]["name"]


def main(action: str, store: Path, identities: Path) -> dict[str, object]:
    """Do `action`; what there is to say of it."""
    begun = time.perf_counter()
    if action == "distinct":
        return {"distinct": distinct(store, identities), "seconds": time.perf_counter() - begun}
    try:
        seconds, matches = {"rematch": rematch, "delta": delta}[action](store, identities)
    except NotBuilt as reason:
        return {"not_built": str(reason)}
    return {"seconds": seconds, "matches": matches}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
