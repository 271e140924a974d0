"""One row of the table, or those that tell the same story: what it is, why it matched, until when, and what next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.cli.dates import day
from postmarket.cli.page import plural, shortened
from postmarket.matching.interface import Grade
from postmarket.policy.interface import Priority
from postmarket.versions.errors import InvalidPurl
from postmarket.versions.purl import parse, product_names
from postmarket.worklist.describe import shorter
from postmarket.worklist.explain import exploitability_word, next_step
from postmarket.worklist.overdue import is_overdue, overdue, overdue_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from postmarket.cli.page import Page
    from postmarket.worklist.describe import Description
    from postmarket.worklist.interface import Explained, Reason, Row

STYLES = {Priority.NOW: "bold red", Priority.URGENT: "red", Priority.SOON: "yellow", Priority.WATCH: "dim"}
INDENT = 8
LABEL = 6
"""Columns of the word that opens a line, such as `next  `."""
MOST_ALIASES = 3
MOST_TITLE = 48
LEAST_TITLE = 6
LEAST_SUMMARY = 90
MOST_NOTES = 4
MOST_NOTE = 160


def blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows, those of several versions of one device with the same story together at the place of the first."""
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        ranked = (row.ranking.priority, row.ranking.rule, row.ranking.reason)
        story = (*ranked, row.device.device, row.vulnerability.name, row.match.grade, *_product(row))
        found.setdefault(story, []).append(row)
    return list(found.values())


def _product(row: Row) -> tuple[str, ...]:
    """What a component is, whatever its version."""
    item = row.component
    try:
        name = product_names(parse(item.purl))[-1] if item.purl else ""
    except InvalidPurl:
        name = item.purl
    return item.supplier, item.group, item.name, name


def print_block(page: Page, block: Sequence[Explained], what: Description, *, now: datetime) -> None:
    """One vulnerability in one component of a device: each version it was found in, then the first one's reasons."""
    row, reasons = block[0]
    versions = ", ".join(dict.fromkeys(item.device.version for item, _ in block))
    listed = ", ".join(dict.fromkeys(item.component.version for item, _ in block))
    room = max((page.width - INDENT - len(row.vulnerability.name) - 4) // 2, LEAST_TITLE)
    page.spans(
        (
            (f"{row.ranking.priority.name:<{INDENT}}", STYLES.get(row.ranking.priority, "")),
            (shortened(f"{row.device.device} {versions}".strip(), room), "bold"),
            (f"  {shortened(f'{row.component.name} {listed}'.rstrip(), room)}", ""),
            (f"  {row.vulnerability.name}", "bold"),
        )
    )
    page.line(f"{row.ranking.reason}  [{row.ranking.rule}]", indent=INDENT)
    _labelled(page, "what", _what(what, most=page.width - INDENT - LABEL))
    _labelled(page, "score", _facts(row), "dim")
    _labelled(page, "why", _why(row, reasons))
    _labelled(page, "note", _notes(row, [reason for _, why in block for reason in why]))
    _labelled(page, "dates", _dates(row, now), "red" if is_overdue(row.timeline, now) else "")
    _labelled(page, "next", next_step(row, reasons, together=block))
    _labelled(page, "see", what.link, "dim")
    page.line()


def _labelled(page: Page, label: str, text: str, style: str = "") -> None:
    if text:
        page.line(f"{label:<{LABEL}}{text}", style, indent=INDENT, hang=LABEL)


def _what(what: Description, *, most: int) -> str:
    """The vulnerability in words, on one line of the page."""
    kinds = f" ({', '.join(what.weaknesses)})" if what.weaknesses else ""
    if not what.summary:
        return f"no source describes it{kinds}"
    return f"{shorter(what.summary, max(most - len(kinds), LEAST_SUMMARY))}{kinds}"


def _facts(row: Row) -> str:
    item = row.vulnerability
    parts = [row.score.score.label if row.score.score else "none: severity unknown, not low"]
    if row.score.flag and row.score.score:
        parts[0] += f" ({row.score.flag})"
    if item.kev is not None:
        parts.append(f"KEV since {item.kev.added}" + (", ransomware" if item.kev.ransomware else ""))
    if item.epss is not None:
        parts.append(f"EPSS {item.epss.probability:.1%}")
    if item.ssvc is not None and item.ssvc.exploitation:
        parts.append(f"SSVC exploitation {item.ssvc.exploitation}, automatable {item.ssvc.automatable or 'unknown'}")
    known = "" if row.exploitability.known else ", which ranks as medium"
    parts.append(f"exploitability {exploitability_word(row)}{known}")
    if item.aliases:
        parts.append(f"also {', '.join(item.aliases[:MOST_ALIASES])}")
    return "; ".join(parts)


def _why(row: Row, reasons: Sequence[Reason]) -> str:
    first = reasons[0]
    open_ = "UNVERIFIED: " if row.match.grade is Grade.UNVERIFIED else ""
    more = len(row.match.evidence) - 1
    return f"{open_}{first.sentence}" + (f"; {plural(more, 'more reason')}" if more else "")


def _notes(row: Row, reasons: Sequence[Reason]) -> str:
    """All that is open or speaks against the match, each briefly; what only weakens a further reason is said apart."""
    notes = dict.fromkeys(
        note if reason.evidence.grade is row.match.grade else f"of a further reason: {note}"
        for reason in reasons
        for note in reason.notes
    )
    brief = "; ".join(shorter(note, MOST_NOTE) for note in list(notes)[:MOST_NOTES])
    return f"{brief}; {len(notes) - MOST_NOTES} more: --format json" if len(notes) > MOST_NOTES else brief


def _dates(row: Row, now: datetime) -> str:
    item = row.timeline
    acts = (
        ("mitigate", item.mitigate_target, item.mitigate_by),
        ("patch", item.patch_target, item.patch_limit),
    )
    parts = [_act(act, first, last, now) for act, first, last in acts if first is not None and last is not None]
    words = "; ".join(parts) or item.words
    provisional = " provisionally: no score" if item.provisional else ""
    return f"{words}  ({item.band}{provisional}, {item.citation.authority.value})"


def _act(act: str, first: datetime, last: datetime, now: datetime) -> str:
    """`patch by 2026-12-24, at the latest 2027-02-22`, and what of it has passed."""
    target, limit = day(first), day(last)
    days = overdue(last, now)
    if days is not None:
        return f"{act} by {limit}, {overdue_words(days)}"
    passed = " (passed)" if first < now else ""
    return f"{act} by {target}" if target == limit else f"{act} by {target}{passed}, at the latest {limit}"
