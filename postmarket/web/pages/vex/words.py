"""Suppliers' VEX in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from postmarket.documents.vex.interface import Justification, Status
from postmarket.monitoring.models import SupplierStatement, SupplierVex
from postmarket.web.components.tags import Meaning
from postmarket.web.components.text import counted_words
from postmarket.worklist.interface import VexOutcome

STATUSES: Final[Mapping[Status, str]] = {
    Status.NOT_AFFECTED: "Not affected",
    Status.AFFECTED: "Affected",
    Status.FIXED: "Fixed",
    Status.UNDER_INVESTIGATION: "Under investigation",
}
OUTCOMES: Final[Mapping[VexOutcome, tuple[Meaning, str]]] = {
    VexOutcome.APPLIED: (Meaning.SAFE, "Applied"),
    VexOutcome.AMBIGUOUS: (Meaning.SOON, "Ambiguous"),
    VexOutcome.SKIPPED: (Meaning.PLAIN, "Skipped"),
}
OF_A_SCAN: Final[Mapping[str, str]] = {
    "no row of this scan is about it": "no device version of ours has a finding about it",
    "the product is none of this scan's": "no component of ours is this product",
}
"""What a scan says of its own rows, as it is said of a portfolio."""


def says(statement: SupplierStatement) -> str:
    """The status with its reason: `Not affected: vulnerable code not present`."""
    status = STATUSES[Status(statement.status)]
    reason = Justification(statement.justification).value.replace("_", " ")
    return f"{status}: {reason}" if reason else status


def because(statement: SupplierStatement) -> str:
    """Why a line was applied, skipped or left: without what its other cells say already."""
    _, found, rest = statement.why.partition(statement.product)
    reason = (rest if found else statement.why).lstrip(": ")
    reason = OF_A_SCAN.get(reason, reason.replace(f"{statement.status}, says", "says").replace(" row", " finding"))
    return f"{reason[:1].upper()}{reason[1:]}."


def outcome(statement: SupplierStatement) -> tuple[Meaning, str]:
    """What became of a line, as a colour and a word."""
    return OUTCOMES[VexOutcome(statement.outcome)]


def state(document: SupplierVex) -> tuple[Meaning, str]:
    """Whether it counts, as a colour and a word."""
    if document.withdrawn_at is not None:
        return Meaning.PLAIN, "Withdrawn"
    return (Meaning.HARM, "Not readable") if document.refused_why else (Meaning.SAFE, "Counts")


def finding(documents: int, unclear: int) -> str:
    """The title of the list."""
    if not documents:
        return "No supplier has sent a VEX yet."
    if unclear:
        verb = "is" if unclear == 1 else "are"
        return f"{counted_words(unclear, 'statement')} of suppliers {verb} ambiguous: ask what they mean."
    return "Every statement of suppliers is applied, or has its reason."


def finding_of(document: SupplierVex, counts: Mapping[VexOutcome, int]) -> str:
    """The title of one document's page."""
    if document.refused_why:
        return f"{document.file_name} could not be read."
    if document.withdrawn_at is not None:
        return f"{document.file_name} counts no longer."
    applied, lines = counts[VexOutcome.APPLIED], sum(counts.values())
    unclear = counts[VexOutcome.AMBIGUOUS]
    more = f", and {unclear} {'is' if unclear == 1 else 'are'} ambiguous" if unclear else ""
    if not applied:
        return f"Nothing of this VEX is about our devices{more}."
    return f"{applied} of {lines} statements {'applies' if applied == 1 else 'apply'} to our devices{more}."
