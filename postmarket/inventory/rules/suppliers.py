"""Suppliers: their fields as people give them, and whether the review of their risk is due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from postmarket.inventory.errors import InvalidSupplier
from postmarket.inventory.policy import Limit
from postmarket.inventory.rules.currency import Verdict
from postmarket.inventory.rules.fields import MOST_LISTED, one_line, words
from postmarket.inventory.words import Answer
from postmarket.sources.names import fold_name

_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")


@dataclass(frozen=True, slots=True)
class SupplierFields:
    """
    What people say of a supplier. `names` are those that SBOMs give it besides its own; they are compared folded.

    `security_contact` is a mail or an https address, `risk_reviewed_on` a calendar day.
    """

    name: str
    security_contact: str = ""
    response_terms: str = ""
    risk_reviewed_on: date | None = None
    notes: str = ""
    names: tuple[str, ...] = ()


def check_supplier(fields: SupplierFields, *, today: date) -> SupplierFields:
    """
    The fields in the form they are kept in, `names` folded and with the supplier's own first.

    Raises InvalidSupplier naming the first that cannot be right.
    """
    name = one_line("name", fields.name, needed=True, wrong=InvalidSupplier)
    if len(fields.names) > MOST_LISTED:
        raise InvalidSupplier("Too many names", where="names", why=f"{MOST_LISTED} is the most")
    named = (one_line("name", one, needed=True, wrong=InvalidSupplier) for one in fields.names)
    folded = tuple(dict.fromkeys(fold_name(one) for one in (name, *named)))
    if not all(folded):
        raise InvalidSupplier(
            "A name without a letter or digit names nobody", where="names", next_step="Write it as SBOMs do."
        )
    if fields.risk_reviewed_on is not None and fields.risk_reviewed_on > today + timedelta(days=1):
        raise InvalidSupplier(
            "The review is of a day to come", where="risk reviewed on", next_step="Give the day it was done."
        )
    return SupplierFields(
        name=name,
        security_contact=_contact(one_line("security contact", fields.security_contact, wrong=InvalidSupplier)),
        response_terms=words("response terms", fields.response_terms, wrong=InvalidSupplier),
        risk_reviewed_on=fields.risk_reviewed_on,
        notes=words("notes", fields.notes, wrong=InvalidSupplier),
        names=folded,
    )


def review_due(reviewed_on: date | None, *, today: date, allowed: Limit) -> Verdict:
    """Whether the supplier's risk must be reviewed: yes also when nobody ever did."""
    if reviewed_on is None:
        return Verdict(Answer.YES, "Its risk was never reviewed.")
    age = max((today - reviewed_on).days, 0)
    said = f"Its risk was reviewed on {reviewed_on}, {age} days ago; {allowed.days} are allowed."
    return Verdict(Answer.YES if age > allowed.days else Answer.NO, said)


def _contact(text: str) -> str:
    """A mail address, or an https address people can open; nothing that runs."""
    if not text or _MAIL.fullmatch(text):
        return text
    try:
        parts = urlsplit(text)
        if parts.scheme == "https" and parts.hostname:
            return text
    except ValueError:
        pass
    raise InvalidSupplier(
        "This is neither a mail nor a web address",
        where="security contact",
        next_step="Write it as in security@example.com or https://example.com/security.",
    )
