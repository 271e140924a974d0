"""The worklist on a screen: what matters first, each row with its reason, its dates and its next step."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING

from postmarket.cli.dates import old
from postmarket.cli.page import Page, plural, screen, shortened
from postmarket.cli.worklist_block import INDENT, MOST_TITLE, blocks, print_block
from postmarket.matching.interface import Coverage
from postmarket.policy.interface import Priority
from postmarket.worklist.describe import describe
from postmarket.worklist.explain import explain
from postmarket.worklist.interface import Lane
from postmarket.worklist.overdue import is_overdue
from postmarket.worklist.unseen import causes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from postmarket.matching.store.engine import Connection
    from postmarket.policy.interface import Criticality, Response
    from postmarket.worklist.interface import Row, Worklist

MOST_UNSEEN = 6
MOST_DEVICES = 20
MOST_VEX = 10
ARTICLE = (
    "“Article” below is the text that the firm's seed policy, seed-default, was written from: its dates and responses "
    "are not law and not FDA requirements. All dates are UTC."
)
LANES = (
    (Lane.POSSIBLE, "possible: the source is too vague to say; not counted above"),
    (Lane.SUGGESTED_NOT_AFFECTED, "suggested not affected: something known speaks against it; a person confirms"),
    (Lane.SUPPLIER_NOT_AFFECTED, "not affected, says the supplier; a person confirms"),
)


def worklist_text(connection: Connection, worklist: Worklist, *, show: int | None, now: datetime) -> str:
    """The table as plain text of 120 columns."""
    stream = io.StringIO()
    _print(Page(stream), connection, worklist, show=show, now=now)
    return stream.getvalue()


def print_worklist(connection: Connection, worklist: Worklist, *, show: int | None, now: datetime) -> None:
    """Print the worklist; `show` blocks, or all of them and the other lanes when None. `now` is UTC."""
    _print(screen(), connection, worklist, show=show, now=now)


def _print(page: Page, connection: Connection, worklist: Worklist, *, show: int | None, now: datetime) -> None:
    rows = worklist.lane(Lane.WORKLIST)
    shown = blocks(rows)[:show]
    _headline(page, worklist, rows, now=now)
    page.line()
    listed = [row for block in shown for row in block]
    reasons = iter(explain(connection, listed))
    for block, what in zip(shown, describe(connection, [block[0] for block in shown]), strict=True):
        print_block(page, [(row, next(reasons)) for row in block], what, now=now)
    hidden = len(rows) - len(listed)
    if hidden:
        page.line(f"… {plural(hidden, 'more row')} further down: --all, or --format json.")
        page.line()
    _responses(page, listed)
    _other_lanes(page, connection, worklist, whole=show is None)
    _coverage(page, worklist, whole=show is None)
    _footer(page, worklist, now=now)


def _headline(page: Page, worklist: Worklist, rows: Sequence[Row], *, now: datetime) -> None:
    """A finding, not a noun: what matters, in one or two lines; then whose dates these are, once."""
    pressing = [row for row in rows if row.ranking.priority is Priority.NOW]
    exploited = {row.vulnerability.id for row in rows if row.vulnerability.kev is not None}
    devices = list(dict.fromkeys(row.device.device for row in pressing))
    if pressing:
        first = f"{plural(len(pressing), 'row')} cannot wait, on {_listed(devices)}."
    elif rows:
        first = f"Nothing is urgent enough for NOW; {plural(len(rows), 'row')} to work through."
    else:
        first = "Nothing matched: see below what could be looked at, and what could not."
    late = sum(is_overdue(row.timeline, now) for row in rows)
    page.line(f"{first} {plural(late, 'row')} OVERDUE." if late else first, "bold")
    of = Counter(row.ranking.priority for row in rows)
    counts = ", ".join(f"{of[priority]} {priority.name.lower()}" for priority in Priority)
    page.line(
        f"{plural(len(worklist.devices), 'device version')}, {plural(len(rows), 'row')}: {counts}; "
        f"{plural(len(exploited), 'vulnerability', 'vulnerabilities')} exploited in the field (KEV). "
        f"Most urgent for patients first."
    )
    if rows:
        page.line(ARTICLE, "dim")


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
        page.line(f"active     {response.active}", indent=INDENT, hang=11)
        page.line(f"suspected  {response.suspected}", indent=INDENT, hang=11)
    page.line()


def _other_lanes(page: Page, connection: Connection, worklist: Worklist, *, whole: bool) -> None:
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
    reasons = "; ".join(f"{cause} ({number:,})" for cause, number in causes(worklist.devices).items())
    if reasons:
        page.line(f"Why not monitored: {reasons}.", indent=2, hang=2)
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
        page.line(f"unmatched  {name} in {_listed(labels)}: {why}. {step}", "yellow", indent=2, hang=2)
    if len(ordered) > MOST_UNSEEN:
        more = plural(len(ordered) - MOST_UNSEEN, "more component")
        page.line(f"… and {more} unmatched: --format json", indent=2)


def _footer(page: Page, worklist: Worklist, *, now: datetime) -> None:
    for error in worklist.refused:
        page.line(f"refused  {error.line()}", "red")
    data = "; ".join(f"{source} {when[:10]} ({old(when, now)})" for source, when in worklist.data_as_of.items())
    page.line(f"Data as of: {data}." if data else "No vulnerability data is loaded.", "dim")
    if worklist.never_loaded:
        names = ", ".join(worklist.never_loaded)
        page.line(f"Never loaded: {names}. Run: postmarket feeds load SOURCE PATH, or postmarket feeds sync.", "yellow")
    page.line(
        f"Dates count from {worklist.aware:%Y-%m-%d %H:%M} UTC, {worklist.aware_basis}. Policy: {worklist.policy}.",
        "dim",
    )


def _listed(names: Sequence[str], most: int = 3) -> str:
    head = ", ".join(shortened(name, MOST_TITLE) for name in names[:most])
    return f"{head} and {len(names) - most} more" if len(names) > most else head
