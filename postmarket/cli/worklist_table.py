"""The worklist on a screen: what matters first, each row with its reason, its dates and its next step."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING

from postmarket.cli.dates import old, say
from postmarket.cli.page import Page, screen, shortened
from postmarket.matching.interface import Coverage, Grade
from postmarket.policy.interface import Priority
from postmarket.versions.errors import InvalidPurl
from postmarket.versions.purl import parse, product_names
from postmarket.worklist.explain import explain, next_step
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from postmarket.policy.interface import Criticality, Response
    from postmarket.worklist.interface import Reason, Row, Worklist

STYLES = {Priority.NOW: "bold red", Priority.URGENT: "red", Priority.SOON: "yellow", Priority.WATCH: "dim"}
INDENT = 8
MOST_UNSEEN = 6
MOST_DEVICES = 20
MOST_VEX = 10
MOST_ALIASES = 3
MOST_TITLE = 48
LANES = (
    (Lane.POSSIBLE, "possible: the source is too vague to say; not counted above"),
    (Lane.SUGGESTED_NOT_AFFECTED, "suggested not affected: something known speaks against it; a person confirms"),
    (Lane.SUPPLIER_NOT_AFFECTED, "not affected, says the supplier; a person confirms"),
)


def worklist_text(connection: sqlite3.Connection, worklist: Worklist, *, show: int | None, now: datetime) -> str:
    """The table as plain text of 120 columns."""
    stream = io.StringIO()
    _print(Page(stream), connection, worklist, show=show, now=now)
    return stream.getvalue()


def print_worklist(connection: sqlite3.Connection, worklist: Worklist, *, show: int | None, now: datetime) -> None:
    """Print the worklist; `show` blocks, or all of them and the other lanes when None. `now` is UTC."""
    _print(screen(), connection, worklist, show=show, now=now)


def _print(page: Page, connection: sqlite3.Connection, worklist: Worklist, *, show: int | None, now: datetime) -> None:
    rows = worklist.lane(Lane.WORKLIST)
    blocks = _blocks(rows)
    shown = blocks[:show]
    _headline(page, worklist, rows)
    page.line()
    for block, reasons in zip(shown, explain(connection, [block[0] for block in shown]), strict=True):
        _block(page, block, reasons, now=now)
    hidden = len(rows) - sum(map(len, shown))
    if hidden:
        page.line(f"… {_plural(hidden, 'more row')} further down: --all, or --format json.")
        page.line()
    _responses(page, [row for block in shown for row in block])
    _other_lanes(page, connection, worklist, whole=show is None)
    _coverage(page, worklist, whole=show is None)
    _footer(page, worklist, now=now)


def _headline(page: Page, worklist: Worklist, rows: Sequence[Row]) -> None:
    """A finding, not a noun: what matters, in one or two lines."""
    now = [row for row in rows if row.ranking.priority is Priority.NOW]
    exploited = {row.vulnerability.id for row in rows if row.vulnerability.kev is not None}
    devices = list(dict.fromkeys(row.device.device for row in now))
    if now:
        first = f"{_plural(len(now), 'row')} cannot wait, on {_listed(devices)}."
    elif rows:
        first = f"Nothing is urgent enough for NOW; {_plural(len(rows), 'row')} to work through."
    else:
        first = "Nothing matched: see below what could be looked at, and what could not."
    page.line(first, "bold")
    of = Counter(row.ranking.priority for row in rows)
    counts = ", ".join(f"{of[priority]} {priority.name.lower()}" for priority in Priority)
    page.line(
        f"{_plural(len(worklist.devices), 'device version')}, {_plural(len(rows), 'row')}: {counts}; "
        f"{_plural(len(exploited), 'vulnerability', 'vulnerabilities')} exploited in the field (KEV). "
        f"Most urgent for patients first."
    )


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows, those of several versions of one device with the same story together at the place of the first."""
    blocks: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        story = (row.ranking.priority, row.device.device, row.vulnerability.name, row.match.grade, *_product(row))
        blocks.setdefault(story, []).append(row)
    return list(blocks.values())


def _product(row: Row) -> tuple[str, ...]:
    """What a component is, whatever its version."""
    item = row.component
    try:
        name = product_names(parse(item.purl))[-1] if item.purl else ""
    except InvalidPurl:
        name = item.purl
    return item.supplier, item.group, item.name, name


def _block(page: Page, block: Sequence[Row], reasons: Sequence[Reason], *, now: datetime) -> None:
    """One vulnerability in one component of a device: each version it was found in, then the first one's reasons."""
    row = block[0]
    versions = ", ".join(dict.fromkeys(item.device.version for item in block))
    listed = ", ".join(dict.fromkeys(item.component.version for item in block))
    page.spans(
        (
            (f"{row.ranking.priority.name:<{INDENT}}", STYLES.get(row.ranking.priority, "")),
            (shortened(f"{row.device.device} {versions}".strip(), MOST_TITLE), "bold"),
            (shortened(f"  {row.component.name} {listed}".rstrip(), MOST_TITLE), ""),
            (f"  {row.vulnerability.name}", "bold"),
        )
    )
    page.line(f"{row.ranking.reason}  [{row.ranking.rule}]", indent=INDENT)
    page.line(_facts(row), "dim", indent=INDENT)
    page.line(_why(row, reasons), indent=INDENT)
    page.line(_dates(row, now), indent=INDENT)
    page.line(f"next  {next_step(row, reasons)}", indent=INDENT)
    page.line()


def _facts(row: Row) -> str:
    item = row.vulnerability
    parts = [row.score.score.label if row.score.score else "no CVSS score: severity unknown, not low"]
    if row.score.flag and row.score.score:
        parts[0] += f" ({row.score.flag})"
    if item.kev is not None:
        parts.append(f"KEV since {item.kev.added}" + (", ransomware" if item.kev.ransomware else ""))
    if item.epss is not None:
        parts.append(f"EPSS {item.epss.probability:.1%}")
    if item.ssvc is not None and item.ssvc.exploitation:
        parts.append(f"SSVC exploitation {item.ssvc.exploitation}, automatable {item.ssvc.automatable or 'unknown'}")
    known = "" if row.exploitability.known else " (assumed: the worst case)"
    parts.append(f"exploitability {row.exploitability.level.name.lower()}{known}")
    if item.aliases:
        parts.append(f"also {', '.join(item.aliases[:MOST_ALIASES])}")
    return "; ".join(parts)


def _why(row: Row, reasons: Sequence[Reason]) -> str:
    first = reasons[0]
    text = f"why   {first.sentence}"
    if row.match.grade is Grade.UNVERIFIED and first.notes:
        text += f"; {first.notes[-1]}"
    if len(row.match.evidence) > 1:
        text += f"; {_plural(len(row.match.evidence) - 1, 'more reason')}"
    return text


def _dates(row: Row, now: datetime) -> str:
    item = row.timeline
    parts = []
    for act, first, last in (
        ("mitigate", item.mitigate_target, item.mitigate_by),
        ("patch", item.patch_target, item.patch_limit),
    ):
        if first is not None and last is not None:
            target, limit = say(first, now), say(last, now)
            parts.append(f"{act} by {target}" if target == limit else f"{act} by {target}, at the latest {limit}")
    if not parts:
        parts.append(item.words)
    provisional = " provisional: no score" if item.provisional else ""
    return f"dates {'; '.join(parts)}  ({item.band}{provisional}, {item.citation.authority.value})"


def _responses(page: Page, rows: Iterable[Row]) -> None:
    """The article's response for each device type shown: once, not on every row."""
    seen: dict[Criticality, Response] = {}
    for row in rows:
        seen.setdefault(row.response.criticality, row.response)
    if not seen:
        return
    page.line("If exploited: the article's response by device type", "bold")
    for criticality, response in seen.items():
        page.line(f"{criticality.value} ({response.note})" if response.note else criticality.value)
        page.line(f"active     {response.active}", indent=INDENT)
        page.line(f"suspected  {response.suspected}", indent=INDENT)
    page.line()


def _other_lanes(page: Page, connection: sqlite3.Connection, worklist: Worklist, *, whole: bool) -> None:
    for lane, words in LANES:
        rows = worklist.lane(lane)
        if not rows:
            continue
        page.line(f"{len(rows):,} {words}" + ("" if whole else " (--all shows them)"))
        if whole:
            for row, reasons in zip(rows, explain(connection, rows), strict=True):
                why = reasons[0].notes[-1] if reasons[0].notes else reasons[0].sentence
                what = f"{row.device.label}  {row.component.name}  {row.vulnerability.name}"
                page.line(f"{what}: {why}", indent=INDENT)
    lines = worklist.vex if whole else worklist.vex[:MOST_VEX]
    for line in lines:
        page.line(f"VEX {line.outcome.value}: {line.why}", "dim", indent=2)
    if len(lines) < len(worklist.vex):
        page.line(f"… and {len(worklist.vex) - len(lines)} more VEX lines: --all", "dim", indent=2)
    page.line()


def _coverage(page: Page, worklist: Worklist, *, whole: bool) -> None:
    """What we can not see: coverage of every device version, and the components nobody watches."""
    page.line("What we can and cannot see", "bold")
    rows = []
    lowest = sorted(worklist.devices, key=lambda report: report.monitored if report.monitored is not None else -1.0)
    kept = worklist.devices if len(lowest) <= MOST_DEVICES or whole else lowest[:MOST_DEVICES]
    for report in kept:
        share = f"{report.monitored:.0%}" if report.monitored is not None else "no components"
        cells = (report.device.label, *(str(report.counts[state]) for state in Coverage), share)
        rows.append((cells, "yellow" if report.counts[Coverage.UNMATCHED] else ""))
    header = ("device version", "matched", "none known", "unmatched", "not monitorable", "monitored")
    page.table(header, rows)
    if len(kept) < len(worklist.devices):
        page.line(
            f"… the {len(kept)} that are monitored least; {len(worklist.devices) - len(kept)} more: --all", indent=2
        )
    _unseen(page, worklist)
    page.line()


def _unseen(page: Page, worklist: Worklist) -> None:
    """The components nobody watches, each said once for all the device versions it is in."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for report in worklist.devices:
        for component, item in report.coverage:
            if item.state is Coverage.UNMATCHED:
                found.setdefault((component.name, item.why, item.next_step), []).append(report.device.label)
    ordered = sorted(found.items(), key=lambda entry: -len(entry[1]))
    for (name, why, step), labels in ordered[:MOST_UNSEEN]:
        page.line(f"unmatched  {name} in {_listed(labels)}: {why}. {step}", "yellow", indent=2)
    if len(ordered) > MOST_UNSEEN:
        more = _plural(len(ordered) - MOST_UNSEEN, "more component")
        page.line(f"… and {more} unmatched: --format json", indent=2)


def _footer(page: Page, worklist: Worklist, *, now: datetime) -> None:
    for error in worklist.refused:
        page.line(f"refused  {error.line()}", "red")
    data = "; ".join(f"{source} {when[:10]} ({old(when, now)})" for source, when in worklist.data_as_of.items())
    page.line(f"Data as of: {data}." if data else "No vulnerability data is loaded.", "dim")
    page.line(
        f"Dates count from {worklist.aware:%Y-%m-%d %H:%M} UTC, {worklist.aware_basis}. Policy: {worklist.policy}. "
        f"The timeline and device responses are the article's, not FDA requirements.",
        "dim",
    )


def _plural(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _listed(names: Sequence[str], most: int = 3) -> str:
    head = ", ".join(shortened(name, MOST_TITLE) for name in names[:most])
    return f"{head} and {len(names) - most} more" if len(names) > most else head
