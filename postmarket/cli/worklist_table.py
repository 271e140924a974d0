"""The worklist on a screen: what matters first, each row with its reason, its dates and its next step."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from postmarket.cli.console import PLAIN_WIDTH, console
from postmarket.cli.dates import age, say
from postmarket.errors import visible
from postmarket.matching.interface import Coverage, Grade
from postmarket.policy.interface import Priority
from postmarket.worklist.explain import explain, next_step
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from rich.console import Console
    from rich.text import Text

    from postmarket.policy.interface import Criticality, Response
    from postmarket.worklist.interface import Reason, Row, Worklist

STYLES = {
    Priority.NOW: "bold red",
    Priority.URGENT: "red",
    Priority.SOON: "yellow",
    Priority.PLANNED: "default",
    Priority.WATCH: "dim",
}
MOST_UNSEEN = 6
MOST_VEX = 10
EXPLOITED = (Priority.NOW, Priority.URGENT)


def worklist_text(connection: sqlite3.Connection, worklist: Worklist, *, show: int | None, now: datetime) -> str:
    """The table as plain text of 120 columns."""
    from rich.console import Console

    stream = io.StringIO()
    screen = Console(file=stream, width=PLAIN_WIDTH, highlight=False, markup=False, emoji=False)
    _print(screen, connection, worklist, show=show, now=now)
    return stream.getvalue()


def print_worklist(connection: sqlite3.Connection, worklist: Worklist, *, show: int | None, now: datetime) -> None:
    """Print the worklist; `show` rows, or all of them and the possible ones when None. `now` is UTC."""
    _print(console(), connection, worklist, show=show, now=now)


def _print(
    screen: Console, connection: sqlite3.Connection, worklist: Worklist, *, show: int | None, now: datetime
) -> None:
    rows = worklist.lane(Lane.WORKLIST)
    blocks = _blocks(rows)
    shown = blocks[:show]
    _headline(screen, worklist, rows)
    screen.print()
    for block, reasons in zip(shown, explain(connection, [block[0] for block in shown]), strict=True):
        _block(screen, block, reasons, now=now)
    hidden = len(rows) - sum(map(len, shown))
    if hidden:
        screen.print(f"… {_plural(hidden, 'more row')} further down: --all, or --format json.\n")
    _responses(screen, [row for block in shown for row in block])
    _other_lanes(screen, connection, worklist, whole=show is None)
    _coverage(screen, worklist)
    _footer(screen, worklist, now=now)


def _headline(screen: Console, worklist: Worklist, rows: Sequence[Row]) -> None:
    """A finding, not a noun: what matters, in one or two lines."""
    from rich.text import Text

    now = [row for row in rows if row.ranking.priority is Priority.NOW]
    exploited = {row.vulnerability.id for row in rows if row.vulnerability.kev is not None}
    devices = list(dict.fromkeys(row.device.device for row in now))
    if now:
        first = f"{_plural(len(now), 'row')} cannot wait, on {_listed(devices)}."
    elif rows:
        first = f"Nothing cannot wait; {_plural(len(rows), 'row')} to work through."
    else:
        first = "Nothing matched."
    screen.print(Text(visible(first), style="bold"))
    counts = [
        f"{sum(row.ranking.priority is priority for row in rows)} {priority.name.lower()}" for priority in Priority
    ]
    screen.print(
        Text(
            f"{_plural(len(worklist.devices), 'device version')}, {_plural(len(rows), 'row')}: {', '.join(counts)}; "
            f"{_plural(len(exploited), 'vulnerability', 'vulnerabilities')} exploited in the field (KEV). "
            f"Most urgent for patients first."
        )
    )


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows, those of several versions of one device with the same story together at the place of the first."""
    blocks: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        story = (row.ranking.priority, row.device.device, row.vulnerability.name, row.component.name, row.match.grade)
        blocks.setdefault(story, []).append(row)
    return list(blocks.values())


def _block(screen: Console, block: Sequence[Row], reasons: Sequence[Reason], *, now: datetime) -> None:
    """One vulnerability in one component of a device: each version it was found in, then the first one's reasons."""
    from rich.padding import Padding
    from rich.text import Text

    row = block[0]
    head = Text()
    head.append(f"{row.ranking.priority.name:<8}", style=STYLES[row.ranking.priority])
    versions = ", ".join(dict.fromkeys(item.device.version for item in block))
    head.append(visible(f"{row.device.device} {versions}".strip()), style="bold")
    listed = ", ".join(dict.fromkeys(item.component.version for item in block))
    head.append(visible(f"  {row.component.name} {listed}".rstrip()))
    head.append(visible(f"  {row.vulnerability.name}"), style="bold")
    screen.print(head)
    body = Text(visible(row.ranking.reason))
    body.append(f"  [{row.ranking.rule}]", style="dim")
    lines = [body, _facts(row), _why(row, reasons), _dates(row, now), Text(visible(f"next  {next_step(row, reasons)}"))]
    for line in lines:
        screen.print(Padding(line, (0, 0, 0, 8), expand=False))
    screen.print()


def _facts(row: Row) -> Text:
    from rich.text import Text

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
    known = "" if row.exploitability.known else " (assumed: nothing is known)"
    parts.append(f"exploitability {row.exploitability.level.name.lower()}{known}")
    if item.aliases:
        parts.append(f"also {', '.join(item.aliases[:3])}")
    return Text(visible("; ".join(parts)), style="dim")


def _why(row: Row, reasons: Sequence[Reason]) -> Text:
    from rich.text import Text

    first = reasons[0]
    text = f"why   {first.sentence}"
    if row.match.grade is Grade.UNVERIFIED and first.notes:
        text += f"; {first.notes[-1]}"
    if len(row.match.evidence) > 1:
        text += f"; {_plural(len(row.match.evidence) - 1, 'more reason')}"
    return Text(visible(text))


def _dates(row: Row, now: datetime) -> Text:
    from rich.text import Text

    item = row.timeline
    parts = []
    if item.mitigate_by is not None:
        parts.append(f"mitigate by {say(item.mitigate_by, now)}")
    if item.patch_target is not None and item.patch_limit is not None:
        target, limit = say(item.patch_target, now), say(item.patch_limit, now)
        parts.append(f"patch by {target}" if target == limit else f"patch by {target}, at the latest {limit}")
    if not parts:
        parts.append(item.words)
    provisional = " provisional: no score" if item.provisional else ""
    return Text(visible(f"dates {'; '.join(parts)}  ({item.band}{provisional}, {item.citation.authority.value})"))


def _responses(screen: Console, rows: Iterable[Row]) -> None:
    """The article's response for each device type shown: once, not on every row."""
    from rich.text import Text

    seen: dict[Criticality, Response] = {}
    for row in rows:
        if row.ranking.priority in EXPLOITED or row.vulnerability.kev is not None:
            seen.setdefault(row.response.criticality, row.response)
    if not seen:
        return
    screen.print(Text("If exploited: the article's response by device type", style="bold"))
    for criticality, response in seen.items():
        note = f" ({response.note})" if response.note else ""
        screen.print(Text(visible(f"{criticality.value}{note}")))
        screen.print(Text(visible(f"        active     {response.active}")))
        screen.print(Text(visible(f"        suspected  {response.suspected}")))
    screen.print()


def _other_lanes(screen: Console, connection: sqlite3.Connection, worklist: Worklist, *, whole: bool) -> None:
    from rich.text import Text

    for lane, words in (
        (Lane.POSSIBLE, "possible: the source is too vague to say; not counted above"),
        (Lane.SUGGESTED_NOT_AFFECTED, "suggested not affected: something known speaks against it; a person confirms"),
        (Lane.SUPPLIER_NOT_AFFECTED, "not affected, says the supplier; a person confirms"),
    ):
        rows = worklist.lane(lane)
        if not rows:
            continue
        screen.print(Text(f"{len(rows):,} {words}" + ("" if whole else " (--all shows them)")))
        if whole:
            for row, reasons in zip(rows, explain(connection, rows), strict=True):
                why = reasons[0].notes[-1] if reasons[0].notes else reasons[0].sentence
                screen.print(
                    Text(visible(f"        {row.device.label}  {row.component.name}  {row.vulnerability.name}: {why}"))
                )
    for line in worklist.vex[:MOST_VEX]:
        screen.print(Text(visible(f"  VEX {line.outcome.value}: {line.why}"), style="dim"))
    if len(worklist.vex) > MOST_VEX:
        screen.print(Text(f"  … and {len(worklist.vex) - MOST_VEX} more VEX lines: --format json", style="dim"))
    screen.print()


def _coverage(screen: Console, worklist: Worklist) -> None:
    """What we can not see: coverage of every device version, and the components nobody watches."""
    from rich.table import Table
    from rich.text import Text

    screen.print(Text("What we can and cannot see", style="bold"))
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("device version")
    for column in ("matched", "none known", "unmatched", "not monitorable", "monitored"):
        table.add_column(column, justify="right")
    for report in worklist.devices:
        share = f"{report.monitored:.0%}" if report.monitored is not None else "no components"
        table.add_row(
            visible(report.device.label),
            *(str(report.counts[state]) for state in Coverage),
            share,
            style="yellow" if report.counts[Coverage.UNMATCHED] else "",
        )
    screen.print(table)
    _unseen(screen, worklist)
    screen.print()


def _unseen(screen: Console, worklist: Worklist) -> None:
    """The components nobody watches, each said once for all the device versions it is in."""
    from rich.text import Text

    found: dict[tuple[str, str, str], list[str]] = {}
    for report in worklist.devices:
        for component, item in report.coverage:
            if item.state is Coverage.UNMATCHED:
                found.setdefault((component.name, item.why, item.next_step), []).append(report.device.label)
    ordered = sorted(found.items(), key=lambda entry: -len(entry[1]))
    for (name, why, step), labels in ordered[:MOST_UNSEEN]:
        screen.print(Text(visible(f"  unmatched  {name} in {_listed(labels)}: {why}. {step}"), style="yellow"))
    if len(ordered) > MOST_UNSEEN:
        screen.print(f"  … and {_plural(len(ordered) - MOST_UNSEEN, 'more component')} unmatched: --format json")


def _footer(screen: Console, worklist: Worklist, *, now: datetime) -> None:
    from rich.text import Text

    for error in worklist.refused:
        screen.print(Text(f"refused  {error.line()}", style="red"))
    data = "; ".join(f"{source} {when[:10]} ({age(when, now)} old)" for source, when in worklist.data_as_of.items())
    screen.print(Text(visible(f"Data as of: {data}." if data else "No vulnerability data is loaded."), style="dim"))
    screen.print(
        Text(
            visible(
                f"Dates count from {worklist.aware:%Y-%m-%d %H:%M} UTC, {worklist.aware_basis}. "
                f"Policy: {worklist.policy}. The timeline and device responses are the article's, not FDA requirements."
            ),
            style="dim",
        )
    )


def _plural(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _listed(names: Sequence[str], most: int = 3) -> str:
    head = ", ".join(names[:most])
    return f"{head} and {len(names) - most} more" if len(names) > most else head
