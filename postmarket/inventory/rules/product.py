"""Which product a component is a version of: the key under which its end of support is known for all versions."""

from __future__ import annotations

from postmarket.sources.names import fold_name
from postmarket.versions import purl as purls
from postmarket.versions.errors import InvalidPurl

BY_PURL, BY_NAME = "purl", "name"
LONGEST = 400


def product_key(name: str, purl: str) -> str:
    """
    `purl:npm/lodash` where there is a purl, else `name:openssl`, folded; "" for what has no name either.

    A distribution's package is keyed with its distribution's release (`deb/debian:12/openssl`): each supports its own.
    """
    if purl:
        try:
            return f"{BY_PURL}:{purls.product_names(purls.parse(purl))[0]}"[:LONGEST]
        except InvalidPurl:
            pass
    folded = fold_name(name)
    return f"{BY_NAME}:{folded}"[:LONGEST] if folded else ""
