"""Edition, target software, target hardware: what narrows a CPE criterion beyond vendor, product and version."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from postmarket.versions import cpe

FIELDS = ("update", "edition", "language", "software edition", "target software", "target hardware", "other")
LANGUAGE = 2


class Fit(Enum):
    """How what a component states fits what a criterion asks for."""

    FITS = "fits"
    OPEN = "open"
    """The component does not say: unknown is neither yes nor no."""
    DISJOINT = "disjoint"


@lru_cache(maxsize=1 << 16)
def fit(criterion: str, component: str) -> tuple[Fit, str]:
    """
    Hold the attributes a criterion asks for against those a component states, both as `update:edition:…:other`.

    In an inventory `*` means unknown, not "any" (so it leaves the question open), and `-` in a criterion asks for a
    component without that attribute, which does not narrow. The language never decides. Returns the fit and,
    when it is not plain, a phrase saying which attribute.
    """
    asked = cpe.split(criterion)
    stated = cpe.split(component) if component else ["*"] * len(FIELDS)
    open_field = ""
    for index, (want, have) in enumerate(zip(asked, stated, strict=False)):
        if want in {cpe.ANY, cpe.NA} or index == LANGUAGE:
            continue
        covered = cpe.covers(want, have)
        if covered is False:
            return Fit.DISJOINT, f"{FIELDS[index]} {want}, the component has {have}"
        if covered is None:
            open_field = open_field or f"{FIELDS[index]} {want}"
    return (Fit.OPEN, open_field) if open_field else (Fit.FITS, "")
