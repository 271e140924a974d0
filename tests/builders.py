"""What tests are made of: a test says in a line what a source says and what a device holds."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

from postmarket.matching.interface import DeviceMatches
from postmarket.sbom.interface import Component
from postmarket.sources.interface import Criterion, EpssScore, KevEntry, NameKind, Rating, Record, Source
from postmarket.versions.interface import Scheme
from postmarket.versions.ranges import between, everything

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

Tell = Callable[..., None]
Match = Callable[..., DeviceMatches]


def nvd_range(product: str, below: str = "", *, since: str = "", **more: object) -> Criterion:
    """A criterion over a CPE product as NVD would give it: `since <= version < below`."""
    held = between(Scheme.GENERIC, lower=since or None, upper=below or None) if below or since else None
    text = " ".join(part for part in (since and f">= {since},", below and f"< {below}") if part) or "any"
    return Criterion(
        kind=NameKind.CPE,
        name=product,
        range=held or everything(Scheme.GENERIC),
        text=text,
        **more,  # type: ignore[arg-type]
    )


def component(name: str, version: str = "", **more: object) -> Component:
    """A component; its ref is its name unless another is given."""
    return Component(**{"ref": name, "name": name, "version": version, **more})  # type: ignore[arg-type]


def cpe(product: str, version: str, rest: str = "*:*:*:*:*:*:*") -> str:
    """A CPE 2.3 name of `part:vendor:product`."""
    return f"cpe:2.3:{product}:{version}:{rest}"


def record(name: str, *criteria: Criterion, source: Source = Source.NVD, **more: object) -> Record:
    """What `source` says of the vulnerability `name`."""
    return Record(source=source, id=name, record_id=name, criteria=criteria, **more)  # type: ignore[arg-type]


def kev(cve: str, *, added: str = "2026-11-01", ransomware: bool = False) -> KevEntry:
    """An entry of CISA's catalogue."""
    return KevEntry(
        cve=cve, vendor="v", product="p", title="t", added=added, due="", action="Update.", ransomware=ransomware
    )


def epss(cve: str, probability: float) -> EpssScore:
    """A forecast for one CVE."""
    return EpssScore(cve=cve, probability=probability, percentile=probability, date="2026-11-23")


def rated(vector: str, score: float | None = None, *, by: str = "nvd@nist.gov") -> Rating:
    """A CVSS 3.1 rating: `AV:N/AC:L/…`."""
    return Rating("3.1", f"CVSS:3.1/{vector}", score, by)


def kev_catalogue(*entries: KevEntry) -> bytes:
    """CISA's catalogue as it is downloaded."""
    listed = [
        {
            "cveID": entry.cve,
            "vendorProject": entry.vendor,
            "product": entry.product,
            "vulnerabilityName": entry.title,
            "dateAdded": entry.added,
            "shortDescription": "s",
            "requiredAction": entry.action,
            "dueDate": entry.due,
            "knownRansomwareCampaignUse": "Known" if entry.ransomware else "Unknown",
        }
        for entry in entries
    ]
    return json.dumps({"title": "t", "count": len(listed), "vulnerabilities": listed}).encode()


def epss_scores(*scores: EpssScore) -> bytes:
    """A day's EPSS scores as they are downloaded, unpacked."""
    lines = [f"#model_version:v1,score_date:{scores[0].date}T00:00:00+0000", "cve,epss,percentile"]
    return "\n".join((*lines, *(f"{one.cve},{one.probability},{one.percentile}" for one in scores), "")).encode()


def cyclonedx(*listed: Component, subject: Component | None = None) -> bytes:
    """A CycloneDX 1.6 JSON file that lists components by name, version, supplier, purl and first CPE."""
    document: dict[str, object] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": [_as_cyclonedx(item) for item in listed],
    }
    if subject is not None:
        document["metadata"] = {"component": {**_as_cyclonedx(subject), "type": "firmware"}}
    return json.dumps(document).encode()


def _as_cyclonedx(item: Component) -> dict[str, object]:
    written: dict[str, object] = {"type": "library", "bom-ref": item.ref, "name": item.name}
    written |= {"version": item.version} if item.version else {}
    written |= {"supplier": {"name": item.supplier}} if item.supplier else {}
    written |= {"purl": item.purl} if item.purl else {}
    return written | ({"cpe": item.cpes[0]} if item.cpes else {})


def zip_of(members: dict[str, bytes]) -> bytes:
    """A zip archive with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()
