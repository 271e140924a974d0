"""Names of vendors and products in words, made comparable."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BETWEEN = re.compile(r"[^\w.+]+|_+")
_LEGAL_FORM = re.compile(
    "inc|incorporated|corp|corporation|co|company|llc|llp|lp|ltd|limited|plc|gmbh|ag|kg|kgaa|se|sa|sas|sarl|srl|spa|bv"
    "|nv|ab|as|oy|oyj|aps|pty|pvt|kk"
)
"""Legal forms of companies, as they stand at the end of a name: dots removed, several may follow each other."""


@lru_cache(maxsize=2**14)
def fold_name(words: str) -> str:
    """
    `words` of a vendor or product as a comparable name: case-folded, runs of anything but letters, digits, `.`, `+`
    become `_`, legal forms (Inc, Ltd, GmbH, Corporation, …) at the end of it dropped.

    Compatibility forms of letters are unified first (NFKC). A name that is only a legal form stays as it is.
    """
    folded = unicodedata.normalize("NFKC", words).casefold()
    parts = [part for part in _BETWEEN.split(folded) if part.strip(".")]
    while len(parts) > 1 and _LEGAL_FORM.fullmatch(parts[-1].replace(".", "")):
        parts.pop()
    return "_".join(parts).strip(".")


def product_name(vendor: str, product: str) -> str:
    """`vendor:product` in the form of NameKind.NAME; empty when the product has no name."""
    folded = fold_name(product)
    return f"{fold_name(vendor)}:{folded}" if folded else ""
