"""The inputs the bars are measured on: a feed of 330,000 CVEs and SBOMs drawn from it, built once into the cache."""

from __future__ import annotations

import json
from pathlib import Path

from bench import cache
from bench.places import Places

CVES = 330_000
PORTFOLIO = 10_000
PORTFOLIO_COMPONENTS = 400
BIG_SBOM_BYTES = 30_000_000
UPLOAD_BYTES = 5_000_000


class Absent(Exception):
    """Something this machine does not have; the message is one line saying what, and how to get it."""


def feed(places: Places) -> Path:
    """The folder of the scaled NVD feed, about 150 MB of JSON in gzip."""
    source = places.data / "nvd"
    script = _script(places, "scale_feed.py")
    if not source.is_dir():
        raise Absent(f"no feed at {source}: set POSTMARKET_TEST_DATA to the data folder")
    recipe = f"{script.read_text(encoding='utf-8')}\n{_listing(source)}\n{CVES}"
    return cache.built(
        places.cache / "feed",
        recipe,
        f"extending the feed to {CVES:,} CVEs (once, about a minute)",
        lambda out: _tool(places, script, source, out, CVES),
    )


def sboms(places: Places, count: int, components: int) -> Path:
    """A folder of `count` CycloneDX SBOMs of `components` components each, drawn from the scaled feed."""
    source = feed(places)
    script = _script(places, "make_sboms.py")
    recipe = f"{script.read_text(encoding='utf-8')}\n{cache.recipe_file(source).read_text(encoding='utf-8')}\n{count}"
    return cache.built(
        places.cache / f"sboms-{components}",
        recipe,
        f"drawing {count:,} SBOMs of {components} components (once{', some minutes' if count > 1000 else ''})",
        lambda out: _tool(places, script, source, out, count, components),
    )


def one_sbom(places: Places, size: int) -> Path:
    """One SBOM of `size` bytes: the components of many drawn ones in one list, with a dependency on each."""
    folder = sboms(places, PORTFOLIO, PORTFOLIO_COMPONENTS)
    recipe = f"{cache.recipe_file(folder).read_text(encoding='utf-8')}\n{size}"
    megabytes = size // 1_000_000
    made = cache.built(
        places.cache / f"sbom-{megabytes}mb",
        recipe,
        f"writing one SBOM of {megabytes} MB (once)",
        lambda out: _join_sboms(folder, size, out),
    )
    return made / "one.cdx.json"


def _join_sboms(folder: Path, wanted: int, out: Path) -> None:
    components: list[dict[str, object]] = []
    size = 0
    for path in sorted(folder.iterdir()):
        for component in json.loads(path.read_bytes())["components"]:
            component["bom-ref"] = f"{component['bom-ref']}#{len(components)}"
            components.append(component)
            size += len(json.dumps(component)) + len(json.dumps(component["bom-ref"])) + len(", ") * 2
        if size >= wanted:
            break
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "device", "name": "big", "version": "1", "bom-ref": "big"}},
        "components": components,
        "dependencies": [{"ref": "big", "dependsOn": [component["bom-ref"] for component in components]}],
    }
    (out / "one.cdx.json").write_text(json.dumps(document), encoding="utf-8")


def _script(places: Places, name: str) -> Path:
    script = places.tools / name
    if not script.is_file():
        raise Absent(f"no {script.name} in {places.tools}: it stands beside the data that POSTMARKET_TEST_DATA names")
    return script


def _tool(places: Places, script: Path, *arguments: object) -> None:
    python = cache.environment(places, "tools", "orjson") / "python"
    cache.quietly([python, script, *arguments], f"run {script.name}")


def _listing(folder: Path) -> str:
    return "\n".join(f"{path.name} {path.stat().st_size}" for path in sorted(folder.iterdir()))
