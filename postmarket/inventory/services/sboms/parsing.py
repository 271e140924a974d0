"""From kept bytes to the one SBOM in them, with limits: nobody vouches for what a pipeline sends."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath

from postmarket.errors import PostmarketError
from postmarket.records import evidence
from postmarket.sbom.errors import SbomError
from postmarket.sbom.interface import Bom
from postmarket.sbom.reading import read
from postmarket.untrusted.documents import Document, Limits, documents
from postmarket.worklist.assemble import listed
from postmarket.worklist.inputs import INSIDE
from postmarket.worklist.recognise import vex_format

LIMITS = Limits(document_bytes=256 * 2**20, archive_bytes=512 * 2**20, archive_members=10_000)


def bom_in(sha256: str, *, file_name: str) -> Bom:
    """
    The SBOM in kept bytes, which may be packed or an archive with one SBOM.

    Raises SbomError or UntrustedInput, in one line that names `file_name`, for anything else: no SBOM, several, one
    that lists nothing, a supplier's VEX. Raises OSError when the evidence is not there.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sbom{PurePath(file_name).suffix.lower()[:10]}"
        with path.open("wb") as file:
            file.writelines(evidence.read(sha256))
        try:
            return _only(_boms(path, file_name), file_name)
        except PostmarketError as error:
            error.where = error.where.replace(str(path), file_name)
            error.args = (error.line(),)
            raise


def _boms(path: Path, file_name: str) -> list[Bom]:
    found: list[Bom] = []
    refused: list[PostmarketError] = []
    for document in documents(path, suffixes=INSIDE, limits=LIMITS):
        if isinstance(document, PostmarketError):
            refused.append(document)
            continue
        try:
            found.append(_bom(document, document.name.replace(str(path), file_name)))
        except PostmarketError as error:
            refused.append(error)
    if not found and refused:
        raise refused[0]
    return found


def _bom(document: Document, name: str) -> Bom:
    try:
        bom = read(document.content, name=name)
    except SbomError:
        kind = vex_format(document.content)
        if kind:
            raise _vex(name, kind) from None
        raise
    if bom.vulnerabilities and not bom.components:
        raise _vex(name, "CycloneDX")
    if not listed(bom):
        raise SbomError(
            "the SBOM lists no component",
            where=name,
            why="nothing in the device could be monitored",
            next_step="Export it again, with its components.",
        )
    return bom


def _only(found: list[Bom], file_name: str) -> Bom:
    if len(found) == 1:
        return found[0]
    what = "there is no SBOM in it" if not found else f"it holds {len(found)} SBOMs"
    raise SbomError(what, where=file_name, next_step="Send the one SBOM of this version.")


def _vex(name: str, kind: str) -> SbomError:
    return SbomError(
        f"this is a supplier's VEX ({kind}), not an SBOM",
        where=name,
        why="it lists vulnerabilities and no components",
        next_step="Send the device's SBOM.",
    )
