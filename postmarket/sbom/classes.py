"""
Which class a component belongs to: commercial, open-source, off-the-shelf, the firm's own, or unknown.

What the SBOM says outright counts. Else a component is open-source when every licence it carries is an open-source
licence, or when it carries none and its purl names a public package registry. Everything else is unknown: nothing
in an SBOM shows that a component is the firm's own, or bought, so neither is ever guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from postmarket.sbom.interface import ComponentClass

PROPERTIES = ("postmarket:component-class", "cdx:fda:component-class", "component-class", "software-class")
"""Property or annotation names read, first found first; our own before words that firms use."""

_WORDS = {
    "commercial": ComponentClass.COMMERCIAL,
    "cots": ComponentClass.COMMERCIAL,
    "opensource": ComponentClass.OPEN_SOURCE,
    "oss": ComponentClass.OPEN_SOURCE,
    "foss": ComponentClass.OPEN_SOURCE,
    "offtheshelf": ComponentClass.OFF_THE_SHELF,
    "ots": ComponentClass.OFF_THE_SHELF,
    "soup": ComponentClass.OFF_THE_SHELF,
    "own": ComponentClass.OWN,
    "inhouse": ComponentClass.OWN,
    "firstparty": ComponentClass.OWN,
}

_OPEN_LICENCES = re.compile(
    r"(?:0BSD|AFL|Apache|APSL-2|Artistic|ASL [12]|BlueOak|BSD|BSL-1\.0|bzip2|CC0|CC-BY-[234]|CC-BY-SA|CDDL|CECILL|CPL"
    r"|curl|ECL-2|EFL|EPL|EUPL|FTL|FSFAP|FSFULL?R?|GFDL|A?L?GPL(?:v?[123])?|HPND|ICU|IJG|ImageMagick|IPL|ISC|JasPer"
    r"|libpng|libtiff|MirOS|(?:The )?MIT|MPL(?:v?[12])?|MS-PL|MS-RL|NCSA|NTP|OFL|OLDAP|OpenSSL|OSL|PHP|PostgreSQL|PSF"
    r"|PSFL|Python|Ruby|SGI-B-2|SISSL|Sleepycat|SMLNJ|TCL|Unicode|Unlicense|UPL|Vim|W3C|WTFPL|X11|Xnet|ZPL|Zlib)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
"""Families of licences, as SPDX ids and as packagers wrote them before, that OSI, FSF or Debian count as free.
BUSL, SSPL and Elastic are not among them."""

_PUBLIC_REGISTRIES = re.compile(
    r"alpm|apk|bioconductor|bitnami|cargo|cocoapods|composer|conan|conda|cpan|cran|deb|gem|golang|hackage|hex|julia"
    r"|luarocks|maven|npm|nuget|opam|pub|pypi|qpkg|rpm|swift|yocto"
)
_NOT_SOFTWARE_OF_OTHERS = frozenset(("device", "data", "file", "cryptographic-asset"))
_PURL_TYPE = re.compile(r"pkg:/*([A-Za-z0-9.+-]+)/")
_EXPRESSION_PART = re.compile(r"[()]| (?:AND|OR) ", re.IGNORECASE)
_LONGEST_EXPRESSION = 2_000
"""Characters; a longer text is no expression but a licence's words."""


def component_class(
    properties: Mapping[str, str], *, licenses: Sequence[str], purl: str, kind: str, place_is_subject: bool = False
) -> ComponentClass:
    """The class by the rule above; the SBOM's own subject is only what a property says it is."""
    for name in PROPERTIES:
        word = properties.get(name, "")
        if word and (said := _WORDS.get("".join(filter(str.isalnum, word.lower())))):
            return said
    if place_is_subject or kind in _NOT_SOFTWARE_OF_OTHERS:
        return ComponentClass.UNKNOWN
    if licenses:
        every = all(map(is_open_source, licenses))
        return ComponentClass.OPEN_SOURCE if every else ComponentClass.UNKNOWN
    found = _PURL_TYPE.match(purl)
    # A package from a named repository of its own may be the firm's or a vendor's.
    if found and _PUBLIC_REGISTRIES.fullmatch(found[1].lower()) and "repository_url=" not in purl:
        return ComponentClass.OPEN_SOURCE
    return ComponentClass.UNKNOWN


@lru_cache(maxsize=4096)
def is_open_source(licence: str) -> bool:
    """
    Whether every licence id in an SPDX expression is an open-source one; with a plain choice (`A OR B`), any is.

    A licence exception (`WITH ...`) only adds permissions, so what follows WITH is not asked.
    """
    if len(licence) > _LONGEST_EXPRESSION:
        return False
    expression = re.sub(r" WITH [^ ()]+", "", " ".join(licence.split()), flags=re.IGNORECASE)
    ids = [part.strip() for part in _EXPRESSION_PART.split(expression) if part and part.strip()]
    if not ids:
        return False
    joined = expression.upper()
    choice = " OR " in joined and " AND " not in joined
    opened = [bool(_OPEN_LICENCES.match(one)) for one in ids]
    return any(opened) if choice else all(opened)
