"""Suppliers' VEX: received, applied to the stored portfolio with a line for every statement, withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.documents.vex import read
from postmarket.documents.vex.interface import Statement, Status
from postmarket.errors import PostmarketError, visible
from postmarket.inventory.store import store
from postmarket.matching.facts import named, vulnerabilities
from postmarket.monitoring.errors import NotPossible
from postmarket.monitoring.models import SupplierStatement, SupplierVex, SupplierWord, VersionState
from postmarket.monitoring.policy import pack_in_force
from postmarket.monitoring.queries.contents import Content, content_of
from postmarket.monitoring.queries.explaining import as_scanned
from postmarket.monitoring.queries.findings import Asked, FindingRow, Findings
from postmarket.monitoring.services.deciding.answering import EVERY_LINE
from postmarket.records import act, evidence
from postmarket.worklist.interface import Lane, Row, VexLine, VexOutcome
from postmarket.worklist.vex import CLEARING, apply_vex

CHUNK = 200
LONGEST_NAME = 200

_statement = msgspec.msgpack.Decoder(Statement).decode


def receive_vex(*, by: Person, content: bytes, file_name: str, why: str, now: datetime) -> SupplierVex:
    """
    Keep a supplier's VEX and apply it; `statements` of what comes back say what became of each line.

    One that cannot be read is kept too, with the reason. The same bytes a second time are the same document. It
    decides nothing: rows move to their own lane, with attribution. Raises NotAllowed.
    """
    require(by, Permission.FINDINGS_TRIAGE, on=ANYWHERE)
    name = visible(file_name)[:LONGEST_NAME] or "VEX"
    refused, statements = "", []
    try:
        statements = list(read(content, name=name))
    except PostmarketError as error:
        refused = error.line()
    with act(actor=by.actor, at=now, why=why) as doing:
        kept = evidence.keep(doing, content, media_type="application/json", source=f"supplier VEX {name}")
        known = SupplierVex.objects.filter(evidence=kept, withdrawn_at=None).first()
        if known is not None:
            return known
        document = SupplierVex.objects.create(
            evidence=kept, file_name=name, received_at=now, received_by=by, refused_why=refused
        )
        SupplierStatement.objects.bulk_create(
            [_kept(document, position, statement) for position, statement in enumerate(statements)], batch_size=CHUNK
        )
        apply_statements()
        doing.note(
            "supplier-vex.received",
            subject=document,
            before=None,
            after={
                "file_name": name,
                "evidence": kept.sha256,
                "refused_why": refused,
                "lines": list(document.statements.values_list("why", flat=True)),
            },
        )
    return document


def withdraw_vex(*, by: Person, document: SupplierVex, why: str, now: datetime) -> None:
    """Let a document count no longer; its rows go back where matching puts them. Raises NotAllowed, NotPossible."""
    require(by, Permission.FINDINGS_TRIAGE, on=ANYWHERE)
    with act(actor=by.actor, at=now, why=why) as doing:
        if not SupplierVex.objects.filter(pk=document.pk, withdrawn_at=None).update(withdrawn_at=now):
            raise NotPossible("This VEX is withdrawn already", where=document.file_name)
        document.refresh_from_db()
        apply_statements()
        doing.note("supplier-vex.withdrawn", subject=document, detail={"file_name": document.file_name})


def apply_statements(version_ids: Collection[int] | None = None) -> None:
    """
    Hold every statement that counts against the portfolio, or against some versions that changed.

    What became of each statement is kept when the whole portfolio was asked.
    """
    statements = {
        row.pk: _statement(bytes(row.content))
        for row in SupplierStatement.objects.filter(document__withdrawn_at=None).order_by("document_id", "position")
    }
    places, rows = _rows(list(statements.values()), version_ids)
    said, lines = apply_vex(rows, list(statements.values()))
    words = {
        place: SupplierWord(
            version_id=place[0], identity_id=place[1], lead=place[2], lane=_lane(row), statements=_sentences(row)
        )
        for place, row in zip(places, said, strict=True)
        if row.vex
    }
    with transaction.atomic():
        before = SupplierWord.objects.all()
        if version_ids is not None:
            before = before.filter(version__in=version_ids)
        before.delete()
        SupplierWord.objects.bulk_create(words.values(), batch_size=CHUNK)
        done = VersionState.objects.filter(vex_due=True)
        (done if version_ids is None else done.filter(version__in=version_ids)).update(vex_due=False)
        if version_ids is None:
            _report(dict(zip(statements, lines, strict=True)))


def _rows(
    statements: Sequence[Statement], version_ids: Collection[int] | None
) -> tuple[list[tuple[int, int, int]], list[Row]]:
    """The rows any statement may be about, as a scan has them, with their places."""
    connection = store()
    leads = sorted(set(named(connection, {name for one in statements for name in one.ids}).values()))
    if not leads:
        return [], []
    asked = Asked(vulnerabilities=tuple(leads), versions=tuple(version_ids or ()))
    found = list(Findings(asked, EVERY_LINE).every())
    known = vulnerabilities(connection, {row.match.lead for row in found})
    contents: dict[int, Content] = {}
    rows = []
    for row in found:
        if row.version.pk not in contents:
            contents[row.version.pk] = content_of(row.version)
        scanned = as_scanned(row, known[row.match.lead], pack=pack_in_force(), now=row.match.first_matched)
        rows.append(_with_content(scanned, row, contents[row.version.pk]))
    return [row.place for row in found], rows


def _with_content(scanned: Row, row: FindingRow, content: Content) -> Row:
    """A statement may speak of hashes, of places in the SBOM, of what a component is nested in."""
    listed = tuple(
        component for component, key in zip(content.components, content.keys, strict=True) if key == row.identity.key
    )
    device = msgspec.structs.replace(scanned.device, bom=content.bom or scanned.device.bom)
    return msgspec.structs.replace(scanned, device=device, components=listed or scanned.components)


def _lane(row: Row) -> str:
    newest = {statement.status for statement in row.vex if statement.timestamp == row.vex[0].timestamp}
    if newest <= CLEARING:
        return Lane.SUPPLIER_NOT_AFFECTED.value
    return Lane.WORKLIST.value if Status.AFFECTED in newest else ""


def _sentences(row: Row) -> list[str]:
    return [f"{one.author or 'The supplier'}: {one.status.value} {one.justification}".strip() for one in row.vex]


def _report(lines: dict[int, VexLine]) -> None:
    rows = SupplierStatement.objects.in_bulk(list(lines))
    for pk, line in lines.items():
        rows[pk].outcome, rows[pk].why = line.outcome.value, line.why
    SupplierStatement.objects.bulk_update(rows.values(), ["outcome", "why"], batch_size=CHUNK)


def _kept(document: SupplierVex, position: int, statement: Statement) -> SupplierStatement:
    return SupplierStatement(
        document=document,
        position=position,
        author=statement.author,
        vulnerability=statement.vulnerability,
        product=statement.product.label,
        status=statement.status.value,
        justification=statement.justification.value,
        said_at=statement.timestamp,
        content=msgspec.msgpack.encode(statement),
        outcome=VexOutcome.SKIPPED.value,
        why="",
    )
