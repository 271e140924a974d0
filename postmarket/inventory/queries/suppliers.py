"""Suppliers, and whose risk must be reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from postmarket.accounts.authority import ANYWHERE, Caller, may
from postmarket.accounts.permissions import Permission
from postmarket.inventory.days import site_day
from postmarket.inventory.models import Supplier
from postmarket.inventory.policy import limits
from postmarket.inventory.rules.currency import Verdict
from postmarket.inventory.rules.suppliers import review_due
from postmarket.inventory.words import Answer


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier, the names SBOMs give it, and whether its review is due, with the reason."""

    supplier: Supplier
    names: tuple[str, ...]
    review: Verdict

    @property
    def is_due(self) -> bool:
        """Whether its risk must be reviewed."""
        return self.review.answer is Answer.YES


def list_suppliers(by: Caller, *, now: datetime) -> list[SupplierRow]:
    """All suppliers by name, for anybody who may read content on some line; two queries besides the authority's."""
    if not may(by, Permission.CONTENT_READ, on=ANYWHERE):
        return []
    today, allowed = site_day(now), limits().supplier_review
    return [
        SupplierRow(
            supplier=one,
            names=tuple(name.folded for name in one.names.all()),
            review=review_due(one.risk_reviewed_on, today=today, allowed=allowed),
        )
        for one in Supplier.objects.prefetch_related("names")
    ]


def supplier(by: Caller, pk: int, *, now: datetime) -> SupplierRow | None:
    """One supplier, None when it is not there or not for `by`."""
    return next((row for row in list_suppliers(by, now=now) if row.supplier.pk == pk), None)
