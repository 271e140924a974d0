"""Suppliers' VEX documents, and what became of each line of them."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from postmarket.accounts.authority import ANYWHERE, Caller, may, require
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.models import SupplierStatement, SupplierVex
from postmarket.worklist.interface import VexOutcome


def documents(*, by: Caller) -> QuerySet[SupplierVex]:
    """
    Every document, those that count no longer too, with `author`, `applied`, `skipped` and `ambiguous` of its lines.

    It speaks of the supplier's products, which belong to no device line. Raises NotAllowed.
    """
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    first = SupplierStatement.objects.filter(document=OuterRef("pk")).exclude(author="").order_by("position")
    outcomes = {
        outcome.value: Count("statements", filter=Q(statements__outcome=outcome.value)) for outcome in VexOutcome
    }
    rows = SupplierVex.objects.select_related("received_by", "evidence")
    return rows.annotate(author=Subquery(first.values("author")[:1]), **outcomes)


def statements(*, by: Caller, document: SupplierVex) -> QuerySet[SupplierStatement]:
    """The lines of a document in its order. Raises NotAllowed."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    return SupplierStatement.objects.filter(document=document)


def unclear(*, by: Caller) -> int:
    """How many lines that count are ambiguous: somebody has to ask the supplier. Raises NotAllowed."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    counting = SupplierStatement.objects.filter(document__withdrawn_at=None)
    return counting.filter(outcome=VexOutcome.AMBIGUOUS.value).count()


def may_receive(by: Caller) -> bool:
    """Whether they may take a document in, and withdraw one."""
    return may(by, Permission.FINDINGS_TRIAGE, on=ANYWHERE)
