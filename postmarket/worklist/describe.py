"""What a vulnerability is, in one line of a source's own words, with its weaknesses and where to read on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from postmarket.matching.texts import texts
from postmarket.sources.interface import Source, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postmarket.matching.interface import Vulnerability
    from postmarket.matching.store.engine import Connection
    from postmarket.matching.texts import Text
    from postmarket.worklist.interface import Row

MOST_SUMMARY = 200
"""Characters of a summary: what a person reads in one go; the rest is behind the link."""
MOST_WEAKNESSES = 3
PREFACES = ("In the Linux kernel, the following vulnerability has been resolved:",)
"""What a source writes before every description, and says nothing."""
NVD = "https://nvd.nist.gov/vuln/detail/"
OSV = "https://osv.dev/vulnerability/"
ORDER = (Source.NVD, Source.CVE, Source.OSV, Source.CSAF)
"""Whose description is taken first: an advisory of several vulnerabilities speaks of them all, so it comes last."""


class Description(msgspec.Struct, frozen=True, gc=False):
    """
    One vulnerability in words.

    `summary` is one line, shortened at a word's end (`…`), empty when no source says anything; `source` says whose
    words it is. `weaknesses` are CWE names ("CWE-416"); `link` is empty when no source gives an address.
    """

    summary: str = ""
    source: str = ""
    weaknesses: tuple[str, ...] = ()
    link: str = ""


def describe(connection: Connection, rows: Sequence[Row]) -> list[Description]:
    """For each row what its vulnerability is; one query for all of them."""
    told = texts(connection, (row.vulnerability.id for row in rows))
    found = {
        item.id: description(item, told.get(item.id, ()))
        for item in {row.vulnerability.id: row.vulnerability for row in rows}.values()
    }
    return [found[row.vulnerability.id] for row in rows]


def description(vulnerability: Vulnerability, told: Sequence[Text]) -> Description:
    """What `told`, the words of every source that knows it, say of one vulnerability."""
    ordered = sorted(told, key=lambda text: (text.state is not State.PUBLISHED, ORDER.index(text.source), text.id))
    summary, source = _summary(ordered)
    if not summary and vulnerability.kev is not None:
        summary, source = one_line(vulnerability.kev.title), Source.KEV.value
    weaknesses = dict.fromkeys(cwe for text in ordered for cwe in text.cwes)
    return Description(
        summary=shorter(summary, MOST_SUMMARY),
        source=source,
        weaknesses=tuple(weaknesses)[:MOST_WEAKNESSES],
        link=_link(vulnerability, ordered),
    )


def one_line(text: str) -> str:
    """`text` on one line, without the words its source puts before every one."""
    line = " ".join(text.split())
    for preface in PREFACES:
        line = line.removeprefix(preface).lstrip()
    return line


def shorter(text: str, most: int) -> str:
    """`text` in at most `most` characters, cut after a sentence or a word and marked `…` where anything is left out."""
    if len(text) <= most:
        return text
    head = text[:most]
    sentence = head.rfind(". ", most * 3 // 4, most - 1)
    if sentence > 0:
        return f"{head[: sentence + 1]} …"
    kept = head[:-1] if " " not in head else head[: head.rindex(" ")]
    return f"{kept.rstrip(' ,;:.(')}…"


def _summary(ordered: Sequence[Text]) -> tuple[str, str]:
    for words in ((text.description for text in ordered), (text.title for text in ordered)):
        for text, said in zip(ordered, words, strict=True):
            if line := one_line(said):
                return line, text.source.value
    return "", ""


def _link(vulnerability: Vulnerability, ordered: Sequence[Text]) -> str:
    name = quote(vulnerability.name, safe="")
    if vulnerability.name.startswith("CVE-"):
        return f"{NVD}{name}"
    if Source.OSV in vulnerability.sources:
        return f"{OSV}{name}"
    references = (address for text in ordered for address in text.references)
    return next((address for address in references if address.startswith(("https://", "http://"))), "")
