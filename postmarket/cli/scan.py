"""`postmarket scan`: the main job."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from postmarket.cli.dates import parse_moment
from postmarket.cli.exit_codes import Exit
from postmarket.cli.home import store
from postmarket.cli.inputs import piped, say
from postmarket.matching.interface import Coverage
from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import Criticality
from postmarket.worklist.errors import RuleError, WorklistError
from postmarket.worklist.inputs import read_inputs
from postmarket.worklist.notices import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from postmarket.documents.vex.interface import Statement
    from postmarket.errors import PostmarketError
    from postmarket.matching.aliases import AliasTable
    from postmarket.matching.store.engine import Connection
    from postmarket.policy.pack import Pack
    from postmarket.worklist.fail_on import Rule
    from postmarket.worklist.interface import Worklist


@dataclass(frozen=True, slots=True)
class Request:
    """What the person asked for."""

    inputs: tuple[Path, ...]
    format: str = "table"
    output: Path | None = None
    criticality: str = "unknown"
    aware: str = ""
    aware_basis: str = "as given by --aware"
    fail_on: tuple[str, ...] = ()
    vex: tuple[Path, ...] = ()
    aliases: tuple[Path, ...] = ()
    policy: tuple[Path, ...] = ()
    show: int | None = 25


def run(request: Request) -> Exit:
    """
    Scan and write; returns the exit code. Raises PostmarketError when nothing could be done at all.

    A value of `--fail-on` or `--aware` that means nothing is the person's to mend, so a usage error.
    """
    now = datetime.now(UTC)
    try:
        rules = _rules(request.fail_on)
        _aware(request, now)
    except (RuleError, PolicyError) as mistake:
        sys.stderr.write(f"postmarket: {mistake.line()}\n")
        return Exit.USAGE
    connection = store()
    try:
        with connection.reading():
            worklist = scan(connection, request, now=now)
            write(connection, worklist, request, now=now)
        holding = [rule.text for rule in rules if rule.holds(worklist)]
    finally:
        connection.close()
    if request.format != "table" or request.output is not None:
        for error in worklist.refused:
            sys.stderr.write(f"postmarket: {error.line()}\n")
    for text in holding:
        sys.stderr.write(f"postmarket: the rule holds: {text}\n")
    return exit_code(worklist, failed=bool(holding))


def scan(connection: Connection, request: Request, *, now: datetime) -> Worklist:
    """The worklist `request` asks for, from the data in `connection`; `now` is UTC."""
    from postmarket.policy.pack import load_pack
    from postmarket.worklist.assemble import assemble

    pack = load_pack(overlays=request.policy, now=now)
    _say_pending(pack)
    inputs = read_inputs(
        request.inputs,
        criticality=Criticality(request.criticality),
        pack=pack,
        now=now,
        piped=piped(request.inputs),
    )
    say(inputs.notices)
    if not inputs.devices:
        raise nothing_read(inputs.refused)
    statements, unread = _statements((*inputs.vex, *request.vex))
    return assemble(
        connection,
        inputs.devices,
        aliases=_aliases((*inputs.aliases, *request.aliases)),
        pack=pack,
        now=now,
        aware=_aware(request, now),
        aware_basis=request.aware_basis if request.aware else "the time of this scan; say when with --aware",
        statements=statements,
        refused=(*inputs.refused, *unread),
    )


def write(connection: Connection, worklist: Worklist, request: Request, *, now: datetime) -> None:
    """Write `worklist` as asked, to the screen or the file."""
    if request.format == "table" and request.output is None:
        from postmarket.cli.worklist_table import print_worklist

        print_worklist(connection, worklist, show=request.show, now=now)
        return
    content = _written(connection, worklist, request, now=now)
    if request.output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        from postmarket.cli.output import write_file

        write_file(request.output, content)


def exit_code(worklist: Worklist, *, failed: bool) -> Exit:
    """What the exit code says, the most urgent first."""
    if failed:
        return Exit.RULE
    if worklist.refused:
        return Exit.PARTLY
    identified = sum(
        report.counts[state] for report in worklist.devices for state in (Coverage.MATCHED, Coverage.MATCHED_NONE)
    )
    return Exit.OK if identified else Exit.NOTHING_MATCHED


def nothing_read(refused: Sequence[PostmarketError]) -> PostmarketError:
    """The error for a scan without a single readable SBOM."""
    if len(refused) == 1:
        return refused[0]
    for error in refused:
        sys.stderr.write(f"postmarket: {error.line()}\n")
    why = f"{len(refused)} files were refused" if refused else "no file looked like an SBOM"
    return WorklistError("There is no SBOM to scan", why=why, next_step="Give CycloneDX or SPDX files.")


def _say_pending(pack: Pack) -> None:
    for overlay in pack.pending:
        file = overlay.file
        text = f"{file.name} {file.version} takes effect on {file.effective} and is not used before (midnight UTC)"
        say([Notice(f"{overlay.path}: not yet in effect: {text}.")])


def _aware(request: Request, now: datetime) -> datetime:
    """When the firm became aware, UTC. Raises PolicyError for what is no date, or one to come."""
    if not request.aware:
        return now
    moment = parse_moment(request.aware, where="--aware")
    if moment > now:
        raise PolicyError(
            f"{moment:%Y-%m-%d %H:%M} UTC is in the future",
            where="--aware",
            why=f"it is {now:%Y-%m-%d %H:%M} UTC now, and nobody is aware of what is to come",
            next_step="Give the time with its zone, as in 2026-11-24T08:30:00+01:00, or leave --aware out for now.",
        )
    return moment


def _written(connection: Connection, worklist: Worklist, request: Request, *, now: datetime) -> bytes:
    from postmarket.worklist.formats.flat import flatten

    match request.format:
        case "json":
            from postmarket.worklist.formats.json_format import write_json

            return write_json(flatten(connection, worklist))
        case "sarif":
            from postmarket.worklist.formats.sarif import write_sarif

            return write_sarif(flatten(connection, worklist))
        case "csv":
            from postmarket.worklist.formats.csv_format import write_csv

            return write_csv(flatten(connection, worklist))
        case "cyclonedx-vdr":
            from postmarket.worklist.formats.cyclonedx_vdr import write_vdr

            return write_vdr(flatten(connection, worklist))
        case _:
            from postmarket.cli.worklist_table import worklist_text

            return worklist_text(connection, worklist, show=request.show, now=now).encode("utf-8", "backslashreplace")


def _rules(texts: Sequence[str]) -> list[Rule]:
    if not texts:
        return []
    from postmarket.worklist.fail_on import parse_rule

    return [parse_rule(text) for text in texts]


def _aliases(paths: Sequence[Path]) -> AliasTable:
    from postmarket.matching.aliases import builtin, read
    from postmarket.worklist.inputs import existing

    table = builtin()
    for path in existing(paths):
        table = table.extended(read(path.read_bytes(), name=str(path)))
    return table


def _statements(paths: Sequence[Path]) -> tuple[list[Statement], list[PostmarketError]]:
    if not paths:
        return [], []
    from postmarket.documents.vex import read
    from postmarket.errors import PostmarketError
    from postmarket.worklist.inputs import existing

    statements: list[Statement] = []
    refused: list[PostmarketError] = []
    for path in existing(paths):
        try:
            statements.extend(read(path.read_bytes(), name=str(path)))
        except PostmarketError as error:
            refused.append(error)
    return statements, refused
