"""The demo's files as plain JSON and text, read without any of postmarket's own readers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from postmarket.demo import feed_paths, portfolio_path
from postmarket.sources.interface import Source

CVE_ID = re.compile(r"CVE-\d{4}-\d{4,}")


def folder() -> Path:
    """The folder of the demo's data."""
    return portfolio_path().parent


def portfolio() -> dict[str, Any]:
    """The portfolio file as YAML gives it."""
    content: dict[str, Any] = yaml.safe_load(portfolio_path().read_text("utf-8"))
    return content


def sboms() -> list[Path]:
    """Every SBOM file of the demo."""
    return sorted((folder() / "sboms").iterdir())


def feed(source: Source) -> list[Path]:
    """Every file of one source."""
    return sorted(file for path in feed_paths()[source] for file in path.iterdir())


def documents(source: Source) -> list[dict[str, Any]]:
    """Every JSON document of one source."""
    return [json.loads(file.read_text("utf-8")) for file in feed(source)]


def nvd() -> dict[str, dict[str, Any]]:
    """The NVD records by CVE id."""
    return {item["cve"]["id"]: item["cve"] for page in documents(Source.NVD) for item in page["vulnerabilities"]}


def bundle_ids() -> set[str]:
    """Every CVE that NVD, CVE, OSV or CSAF files of the demo are about."""
    ids = set(nvd())
    ids |= {record["cveMetadata"]["cveId"] for record in documents(Source.CVE)}
    ids |= {alias for record in documents(Source.OSV) for alias in record["aliases"] if alias.startswith("CVE-")}
    return ids | {item["cve"] for advisory in documents(Source.CSAF) for item in advisory["vulnerabilities"]}
