"""The policy in force, on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from postmarket.monitoring.policy import pack_in_force
from postmarket.policy.interface import Authority, Clock
from postmarket.policy.overlay import Overlay
from postmarket.policy.pack import Pack
from postmarket.policy.tables import MatrixTable, OverlayFile
from postmarket.web.asking import reader
from postmarket.web.pages.policy.tables import CLOCKS

CELLS = {"C": "controlled", "U": "uncontrolled", "R": "clinical review"}


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row of the firm's own file: what it says, and who put the firm's name to it."""

    says: str
    signed_by: str
    signed_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file of the firm."""

    overlay: Overlay
    rows: Sequence[OwnRow]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """What the matrix says for one exploitability."""

    exploitability: str
    cells: Sequence[str]


@require_safe
def policy(request: HttpRequest) -> HttpResponseBase:
    """Every clock with whose rule it is; the firm's own rows; the tables that rank."""
    reader(request)
    pack = pack_in_force()
    table = CLOCKS.bind(request, list(pack.clocks.values()))
    context = {
        "table": table,
        "pack": pack,
        "files": [OwnFile(one, list(own_rows(one.file))) for one in pack.overlays],
        "pending": [OwnFile(one, list(own_rows(one.file))) for one in pack.pending],
        "defaults": defaults(pack),
        "timeline": pack.timeline,
        "response": pack.response,
        "matrix": pack.matrix,
        "matrix_rows": matrix_rows(pack.matrix),
        "zone": settings.SITE_TIME_ZONE,
        "conservative": settings.CONSERVATIVE_CLOCKS,
    }
    return table.export() or render(request, "policy/policy.html", context)


def defaults(pack: Pack) -> list[Clock]:
    """The clocks that are the firm's to set and that nobody in the firm has set."""
    own = {row.id for overlay in pack.overlays for row in overlay.file.clock}
    firms = (one for one in pack.clocks.values() if one.citation.authority is Authority.FIRM and one.limit is not None)
    return [one for one in firms if one.id not in own]


def own_rows(file: OverlayFile) -> Iterator[OwnRow]:
    """The rows of a firm's file in words."""
    said = (
        *((row, f"Device type “{row.name}” ranks as {row.ranks_as}") for row in file.device_type),
        *((row, f"The clinical role {row.role} weighs {row.weight}") for row in file.clinical_role),
        *((row, f"{row.name} is {row.value}") for row in file.threshold),
        *((row, f"Clock {row.id}: {row.limit}, by {row.citation}") for row in file.clock),
    )
    for row, says in said:
        yield OwnRow(says, row.signed_by, row.signed_on, row.reason)


def matrix_rows(matrix: MatrixTable) -> list[MatrixRow]:
    """The matrix, most exploitable first."""
    return [MatrixRow(name, [CELLS[cell] for cell in cells]) for name, cells in reversed(matrix.cells.items())]
