"""`postmarket records show`: what something was at a time, and every record about it until then."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from postmarket.cli.console import print_json
from postmarket.cli.dates import moment_or_end
from postmarket.cli.exit_codes import Exit
from postmarket.cli.records_there import records_there
from postmarket.errors import PostmarketError, visible

if TYPE_CHECKING:
    from postmarket.records.interface import Subject
    from postmarket.records.queries import AsOf, Step


class NothingRecorded(PostmarketError):
    """No record speaks of it."""

    code = "nothing-recorded"

    def __init__(self, subject: Subject, at: datetime) -> None:
        super().__init__(
            f"Nothing had been recorded about {subject} by {at:%Y-%m-%d %H:%M} UTC",
            next_step="Check kind and id, as the page of records writes them.",
        )


def run(*, kind: str, id_: str, as_of: str, as_json: bool) -> Exit:
    """
    Print it; a day ends at midnight in the site's zone.

    Raises NoRecords, NothingRecorded, RecordRefused for what cannot be a kind or id, PolicyError for what is no date.
    """
    with records_there():
        from postmarket.records import queries
        from postmarket.records.interface import Subject

        subject, at = Subject(kind, id_), moment_or_end(as_of, where="--as-of")
        found = queries.as_of(subject, at)
        steps = [step for step in queries.history(subject) if step.said.at <= at]
    if not steps:
        raise NothingRecorded(subject, at)
    if as_json:
        print_json(_document(subject, at, found, steps))
        return Exit.OK
    for line in (*_lines(subject, at, found), *map(_line, steps)):
        sys.stdout.write(f"{visible(line)}\n")
    return Exit.OK


def _lines(subject: Subject, at: datetime, found: AsOf | None) -> list[str]:
    when = f"{at:%Y-%m-%d %H:%M} UTC"
    if found is None:
        return [f"No record until {when} says what {subject} was; these speak of it:"]
    if found.snapshot is None:
        return [f"{subject} was gone by {when}, says entry {found.number:,}."]
    from postmarket.records.queries import differences

    fields = [f"  {one.path}: {_text(one.after)}" for one in differences(None, found.snapshot)]
    return [f"{subject} at {when}, as entry {found.number:,} says:", *fields, "Records about it until then:"]


def _line(step: Step) -> str:
    said = step.said
    changed = ", ".join(one.path for one in step.changes)
    about = f", changed {changed}" if changed else ""
    return f"  entry {step.number:,}, {said.at:%Y-%m-%d %H:%M} UTC, {said.actor.name}: {said.kind}{about}. {said.why}"


def _text(value: object) -> str:
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def _document(subject: Subject, at: datetime, found: AsOf | None, steps: list[Step]) -> dict[str, Any]:
    return {
        "subject": {"kind": subject.kind, "id": subject.id},
        "as_of": at,
        "said_by_entry": found.number if found else None,
        "snapshot": found.snapshot if found else None,
        "records": [
            {
                "entry": step.number,
                "at": step.said.at,
                "kind": step.said.kind,
                "actor": {"id": step.said.actor.id, "name": step.said.actor.name, "kind": step.said.actor.kind.value},
                "why": step.said.why,
                "changes": [{"field": one.path, "before": one.before, "after": one.after} for one in step.changes],
            }
            for step in steps
        ],
    }
