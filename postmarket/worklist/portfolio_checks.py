"""What in a portfolio file may be meant so, but rather looks like a slip: said, not refused."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from postmarket.matching.profile import ARCHITECTURES
from postmarket.worklist.notices import Notice
from postmarket.worklist.portfolio_fields import did_you_mean, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from postmarket.sbom.interface import Bom
    from postmarket.worklist.portfolio_file import ListedDevice

FIRST_ZONE = timedelta(hours=14)
"""How far the first time zone is ahead of UTC: what is today there is not in the future."""
MOST_NAMES = 3


def check_listed(device: ListedDevice, *, now: datetime) -> Iterator[Notice]:
    """What can be seen without the SBOMs: an architecture nobody knows, a release to come, a version with two SBOMs."""
    architecture = device.profile.architecture
    if architecture and architecture.lower() not in ARCHITECTURES:
        near = did_you_mean(architecture, list(ARCHITECTURES))
        known = ", ".join(sorted(set(ARCHITECTURES.values())))
        yield Notice(
            f"{device.part.where}: profile: architecture: {shown(architecture)} is not known here, so it rules nothing "
            f"out. {near}Known are {known}."
        )
    today = (now.astimezone(UTC) + FIRST_ZONE).date()
    for version in device.versions:
        if version.released is not None and version.released > today:
            yield Notice(f"{version.part.where}: released: {version.released} is in the future. Check the year.")
    for name, times in Counter(version.version for version in device.versions).items():
        if times > 1:
            yield Notice(f"{device.part.where} {name}: listed {times} times with different SBOMs; each is scanned.")


def check_roles(device: ListedDevice, boms: Sequence[Bom]) -> Iterator[Notice]:
    """Role rules that fit no component of any of the device's SBOMs: their components keep an unknown role."""
    listed = [component for bom in boms for component in (*bom.components, *([bom.subject] if bom.subject else []))]
    purls = {component.purl.casefold() for component in listed if component.purl}
    names = {component.name.casefold(): component.name for component in listed if component.name}
    for rule in device.roles:
        pattern = rule.pattern.casefold()
        if any(fnmatchcase(text, pattern) for text in (*names, *purls)):
            continue
        near = _near(pattern, list(names.values()))
        yield Notice(
            f"{device.part.where}: clinical_roles: “{rule.pattern}” fits no component, so nothing has the role "
            f"{rule.role.value} by it. {near}"
        )


def _near(pattern: str, names: Sequence[str]) -> str:
    """The component names a pattern may have meant."""
    word = pattern.partition("@")[0].rpartition("/")[2].strip("*?")
    close = nearest(word, names, most=MOST_NAMES) if word else []
    close = close or [name for name in names if word and word in name.casefold()][:MOST_NAMES]
    return f"Did you mean {' or '.join(f'“{name}”' for name in close)}?" if close else "Check the name in the SBOM."
