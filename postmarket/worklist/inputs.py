"""What a scan is given: SBOM files, folders of them, portfolio files; everything that cannot be read is passed on."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import msgspec

from postmarket.errors import PostmarketError
from postmarket.sbom.errors import SbomError
from postmarket.sbom.reading import read
from postmarket.untrusted.documents import Document, documents
from postmarket.worklist.errors import PortfolioError, WorklistError
from postmarket.worklist.interface import DeviceVersion
from postmarket.worklist.notices import Notice
from postmarket.worklist.recognise import HEAD_BYTES, SBOM_SUFFIXES, looks_like_sbom, vex_format

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from postmarket.policy.interface import Criticality
    from postmarket.policy.pack import Pack
    from postmarket.sbom.interface import Bom
    from postmarket.worklist.portfolio import Portfolio

PORTFOLIO_SUFFIXES = frozenset({".yaml", ".yml"})
INSIDE = (*SBOM_SUFFIXES, ".txt")
"""What is read inside an archive, where only names are looked at first."""
STANDARD_INPUT = Path("-")

Item = tuple[str, "Bom"] | PostmarketError | Notice
"""An SBOM with its name, why one cannot be read, or what a person should know."""


class Inputs(msgspec.Struct, frozen=True):
    """
    Device versions to scan, suppliers' VEX files the portfolio names, what could not be read.

    `notices` are for a person: what was passed over, what looks mistaken.
    """

    devices: tuple[DeviceVersion, ...]
    vex: tuple[Path, ...] = ()
    aliases: tuple[Path, ...] = ()
    refused: tuple[PostmarketError, ...] = ()
    notices: tuple[Notice, ...] = ()


class _Gathered(msgspec.Struct):
    devices: list[DeviceVersion] = msgspec.field(default_factory=list)
    vex: list[Path] = msgspec.field(default_factory=list)
    aliases: list[Path] = msgspec.field(default_factory=list)
    refused: list[PostmarketError] = msgspec.field(default_factory=list)
    notices: list[Notice] = msgspec.field(default_factory=list)
    seen: set[Path] = msgspec.field(default_factory=set)


def read_inputs(
    paths: Sequence[Path], *, criticality: Criticality, pack: Pack, now: datetime, piped: bytes | None = None
) -> Inputs:
    """
    Everything under `paths`; a bare SBOM gets `criticality`, devices of a portfolio have their own.

    `-` among the paths stands for `piped`. A file counts once, however often it is given: by name, in a folder, in a
    portfolio, which then speaks for it. One bad file never stops the others, a portfolio file that is none among them:
    it is in `refused`. Raises WorklistError for a path that is not there. `now` is UTC.
    """
    for path in paths:
        if not (path.exists() or (path == STANDARD_INPUT and piped is not None)):
            raise WorklistError(
                "There is no such file or folder", where=str(path), next_step="Check the path; nothing was scanned."
            )
    found = _Gathered()
    portfolios = _portfolios(paths, found, pack=pack, now=now)
    for path in dict.fromkeys(paths):
        if path == STANDARD_INPUT and piped is not None:
            _bare([piped_bom(piped)], found, criticality)
        elif portfolio := portfolios.pop(path, None):
            found.devices.extend(portfolio.devices)
        elif path.suffix.lower() not in PORTFOLIO_SUFFIXES or path.is_dir():
            _bare(boms(path, seen=found.seen), found, criticality)
    found.notices.extend(_nothing_listed(device) for device in found.devices if not device.bom.components)
    return Inputs(
        devices=tuple(found.devices),
        vex=tuple(found.vex),
        aliases=tuple(found.aliases),
        refused=tuple(found.refused),
        notices=tuple(found.notices),
    )


def _portfolios(paths: Sequence[Path], found: _Gathered, *, pack: Pack, now: datetime) -> dict[Path, Portfolio]:
    """The portfolios among `paths`, each once; what they say besides devices goes into `found`."""
    read_: dict[Path, Portfolio] = {}
    for path in paths:
        if path.suffix.lower() not in PORTFOLIO_SUFFIXES or path.is_dir() or not _first_time(path, found.seen):
            continue
        from postmarket.worklist.portfolio import read_portfolio

        try:
            portfolio = read_portfolio(path, pack=pack, now=now)
        except PortfolioError as error:
            found.refused.append(error)
            continue
        read_[path] = portfolio
        found.vex.extend(portfolio.vex)
        found.aliases.extend(portfolio.aliases)
        found.refused.extend(portfolio.refused)
        found.notices.extend(portfolio.notices)
        found.seen.update(file.resolve() for file in portfolio.sboms)
    return read_


def _bare(items: Iterable[Item], found: _Gathered, criticality: Criticality) -> None:
    for item in items:
        if isinstance(item, PostmarketError):
            found.refused.append(item)
        elif isinstance(item, Notice):
            found.notices.append(item)
        else:
            name, bom = item
            found.devices.append(bare_device(bom, name=name, criticality=criticality))


def piped_bom(content: bytes) -> Item:
    """The one SBOM that came in on standard input, or why it cannot be read."""
    return _sbom(Document("standard input", content))


def boms(path: Path, *, seen: set[Path] | None = None) -> Iterator[Item]:
    """
    Every SBOM in a file, archive or folder with its name; or why it cannot be read; and what was passed over.

    Files in `seen` are left out, and those read are added to it.
    """
    seen = seen if seen is not None else set()
    if path.is_dir():
        yield from _folder(path, seen)
    elif _first_time(path, seen):
        items = list(_file(path))
        yield from items
        if not items:
            why = f"nothing in it is named like one ({', '.join(INSIDE)})"
            yield WorklistError("There is no SBOM in this archive", where=str(path), why=why)


def _folder(path: Path, seen: set[Path]) -> Iterator[Item]:
    from postmarket.worklist.folders import look_through

    folder = look_through(path)
    yield from folder.refused
    for file in folder.files:
        if not _first_time(file, seen):
            continue
        empty = True
        for item in _file(file):
            empty = False
            yield item
        if empty:  # an archive without an SBOM
            folder.leave(file)
    folder.portfolios = [file for file in folder.portfolios if file.resolve() not in seen]
    yield from folder.notices()


def _file(path: Path) -> Iterator[tuple[str, Bom] | PostmarketError]:
    """What is in one file or archive."""
    for document in documents(path, suffixes=INSIDE):
        if isinstance(document, PostmarketError):
            yield document
        elif document.name == str(path) or _meant(document):
            yield _sbom(document)


def _meant(document: Document) -> bool:
    """Whether a member of an archive is named like an SBOM, or is one."""
    return document.name.lower().endswith(SBOM_SUFFIXES) or looks_like_sbom(document.content[:HEAD_BYTES])


def _sbom(document: Document) -> tuple[str, Bom] | PostmarketError:
    """A document as an SBOM, or why it is none; a supplier's VEX is told from a broken SBOM."""
    try:
        bom = read(document.content, name=document.name)
    except SbomError as error:
        kind = vex_format(document.content)
        return _vex(document.name, kind) if kind else error
    except PostmarketError as error:
        return error
    if bom.vulnerabilities and not bom.components:
        return _vex(document.name, "CycloneDX")
    return document.name, bom


def _nothing_listed(device: DeviceVersion) -> Notice:
    why = f"{device.source}: the SBOM lists no component, so nothing in {device.label} can be monitored"
    return Notice(f"{why}. Export it again, with its components.")


def _vex(name: str, kind: str) -> WorklistError:
    return WorklistError(
        f"This is a supplier's VEX ({kind}), not an SBOM",
        where=name,
        why="it lists vulnerabilities and no components",
        next_step=f"Give the device's SBOM, and this file as --vex {name}",
    )


def _first_time(path: Path, seen: set[Path]) -> bool:
    """Whether the file at `path`, links followed, is not in `seen` yet; now it is."""
    real = path.resolve()
    if real in seen:
        return False
    seen.add(real)
    return True


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
        elif not isinstance(item, Notice):
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
