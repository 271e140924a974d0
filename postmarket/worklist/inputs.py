"""What a scan is given: SBOM files, folders of them, portfolio files; everything that cannot be read is passed on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from postmarket.errors import PostmarketError
from postmarket.sbom.reading import read
from postmarket.untrusted.documents import documents
from postmarket.worklist.errors import PortfolioError, WorklistError
from postmarket.worklist.interface import DeviceVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from postmarket.policy.interface import Criticality
    from postmarket.policy.pack import Pack
    from postmarket.sbom.interface import Bom

SBOM_SUFFIXES = (".json", ".xml", ".spdx", ".cdx", ".jsonld", ".tag", ".bom")
PORTFOLIO_SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Inputs:
    """Device versions to scan, suppliers' VEX files the portfolio names, and what could not be read."""

    devices: tuple[DeviceVersion, ...]
    vex: tuple[Path, ...] = ()
    aliases: tuple[Path, ...] = ()
    refused: tuple[PostmarketError, ...] = ()


def read_inputs(paths: Sequence[Path], *, criticality: Criticality, pack: Pack) -> Inputs:
    """
    Everything under `paths`; a bare SBOM gets `criticality`, devices of a portfolio have their own.

    One bad file never stops the others, a portfolio file that is none among them: it is in `refused`. Raises
    WorklistError for a path that is not there.
    """
    devices: list[DeviceVersion] = []
    refused: list[PostmarketError] = []
    vex: list[Path] = []
    aliases: list[Path] = []
    for path in paths:
        if not path.exists():
            raise WorklistError(
                "There is no such file or folder", where=str(path), next_step="Check the path; nothing was scanned."
            )
        if path.suffix.lower() in PORTFOLIO_SUFFIXES:
            from postmarket.worklist.portfolio import read_portfolio

            try:
                portfolio = read_portfolio(path, pack=pack)
            except PortfolioError as error:
                refused.append(error)
                continue
            devices.extend(portfolio.devices)
            refused.extend(portfolio.refused)
            vex.extend(portfolio.vex)
            aliases.extend(portfolio.aliases)
            continue
        for item in boms(path):
            if isinstance(item, PostmarketError):
                refused.append(item)
            else:
                name, bom = item
                devices.append(bare_device(bom, name=name, criticality=criticality))
    return Inputs(devices=tuple(devices), vex=tuple(vex), aliases=tuple(aliases), refused=tuple(refused))


def boms(path: Path) -> Iterator[tuple[str, Bom] | PostmarketError]:
    """Every SBOM in a file, archive or folder with its name; or why it cannot be read."""
    for document in documents(path, suffixes=SBOM_SUFFIXES):
        if isinstance(document, PostmarketError):
            yield document
            continue
        try:
            yield document.name, read(document.content, name=document.name)
        except PostmarketError as error:
            yield error


def bare_device(bom: Bom, *, name: str, criticality: Criticality) -> DeviceVersion:
    """A device version for an SBOM that comes alone: named as the SBOM's subject, else as the file."""
    subject = bom.subject
    return DeviceVersion(
        device=(subject.name if subject is not None else "") or (bom.name if bom.name != name else PurePath(name).stem),
        version=subject.version if subject is not None else "",
        bom=bom,
        source=name,
        criticality=criticality,
        maker=subject.supplier if subject is not None else "",
        criticality_note="" if criticality.value != "unknown" else "criticality unknown: ranks as life-supporting",
    )


def first_bom(path: Path) -> tuple[Bom | None, tuple[PostmarketError, ...]]:
    """The one SBOM of a file a portfolio names, or why there is none."""
    refused: list[PostmarketError] = []
    found: list[tuple[str, Bom]] = []
    for item in boms(path):
        if isinstance(item, PostmarketError):
            refused.append(item)
        else:
            found.append(item)
    if len(found) > 1:
        several = WorklistError(
            "It holds more than one SBOM",
            where=str(path),
            why=f"{found[0][0]}, {found[1][0]}",
            next_step="Name the one of this device version.",
        )
        return None, (*refused, several)
    return (found[0][1] if found else None), tuple(refused)


def existing(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The paths, all of them there. Raises WorklistError for one that is not."""
    found = tuple(paths)
    for path in found:
        if not path.is_file():
            raise WorklistError("There is no such file", where=str(path), next_step="Check the path.")
    return found
