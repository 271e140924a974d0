"""A wrong criterion is retired for the whole portfolio, and taken back: at once, and for every load to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.matching import facts
from postmarket.matching.rematch import PortfolioEvidence, matches_of, matches_without, rematch_vulnerabilities
from postmarket.matching.store.connection import generation
from postmarket.matching.store.flags import Flag
from postmarket.matching.store.retired import conditional_positions, fingerprint, reasons, retired

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postmarket.matching.store.engine import Connection
    from postmarket.sources.interface import Criterion, Record

RETIRED = Flag.RETIRED.value


@dataclass(frozen=True, slots=True)
class Told:
    """A record of a source as it is visible now: its id, the vulnerability it speaks of, and its words."""

    record_id: int
    vulnerability: int
    record: Record

    def fingerprint(self, position: int) -> str:
        """How the criterion at `position` is known again."""
        conditional = conditional_positions(self.record.conditions)
        return fingerprint(self.record.criteria[position], conditional=position in conditional)

    def positions(self, mark: str) -> tuple[int, ...]:
        """Where the criterion of this fingerprint stands; none when the source no longer says it."""
        return tuple(reasons(self.record, {mark: ""}))

    def criterion(self, mark: str) -> Criterion | None:
        """The criterion of this fingerprint, if the source still says it."""
        return next((self.record.criteria[position] for position in self.positions(mark)), None)


@dataclass(frozen=True, slots=True)
class Effect:
    """
    What retiring a criterion does to the stored matches, by identity.

    `lost` are matches that end; `changed` go on by another criterion, which is given.
    """

    lost: Mapping[int, PortfolioEvidence]
    changed: Mapping[int, PortfolioEvidence]


def told(connection: Connection, *, source: str, record: str) -> Told | None:
    """What `source` visibly says under the name `record`; None when it says nothing (any more)."""
    visible = generation(connection)
    row = connection.execute(
        "SELECT id, vulnerability_id FROM record WHERE source = ? AND name = ? AND since <= ? AND until > ?",
        (source, record, visible, visible),
    ).fetchone()
    if row is None:
        return None
    return Told(row[0], row[1], facts.words(connection, [row[0]])[row[0]])


def effect(connection: Connection, where: Told, mark: str) -> Effect:
    """What retiring the criterion `mark` would do; nothing is changed."""
    before = matches_of(connection, where.vulnerability)
    after = matches_without(connection, where.vulnerability, record_id=where.record_id, positions=where.positions(mark))
    return Effect(
        lost={identity: evidence for identity, evidence in before.items() if identity not in after},
        changed={
            identity: after[identity]
            for identity, evidence in before.items()
            if identity in after and after[identity] != evidence
        },
    )


def retire_criterion(connection: Connection, *, source: str, record: str, mark: str, why: str) -> None:
    """
    Leave a criterion out of every match from now on, in whatever load it comes again; matches follow at once.

    `why` is shown wherever the criterion would have matched. Call it inside a transaction of the caller's.
    """
    with connection.writing():
        connection.execute(
            "INSERT INTO retired_criterion VALUES (?, ?, ?, ?)"
            " ON CONFLICT (source, record, fingerprint) DO UPDATE SET why = excluded.why",
            (source, record, mark, why),
        )
        _flag(connection, source, record, mark, f"flags + {RETIRED}", f"flags & {RETIRED} = 0")


def restore_criterion(connection: Connection, *, source: str, record: str, mark: str) -> None:
    """Let a retired criterion match again; matches follow at once. Call it inside a transaction of the caller's."""
    with connection.writing():
        connection.execute(
            "DELETE FROM retired_criterion WHERE source = ? AND record = ? AND fingerprint = ?", (source, record, mark)
        )
        _flag(connection, source, record, mark, f"flags - {RETIRED}", f"flags & {RETIRED} <> 0")


def is_retired(connection: Connection, *, source: str, record: str, mark: str) -> bool:
    """Whether the criterion is retired now."""
    return mark in retired(connection, source).get(record, {})


def _flag(connection: Connection, source: str, record: str, mark: str, flags: str, unless: str) -> None:
    """Change the flags of every row of the criterion, also one that a load has staged, and match again."""
    rows = connection.execute(
        "SELECT id, vulnerability_id FROM record WHERE source = ? AND name = ?", (source, record)
    ).fetchall()
    words = facts.words(connection, [id_ for id_, _ in rows])
    connection.executemany(
        f"UPDATE criterion SET flags = {flags} WHERE record_id = ? AND position = ? AND {unless}",  # noqa: S608
        [(id_, position) for id_, said in words.items() for position in reasons(said, {mark: ""})],
    )
    rematch_vulnerabilities(connection, {vulnerability for _, vulnerability in rows})


def forget(connection: Connection, marks: Iterable[tuple[str, str, str]]) -> None:
    """Take what the source no longer says (source, record, fingerprint) off the list; call inside a transaction."""
    connection.executemany(
        "DELETE FROM retired_criterion WHERE source = ? AND record = ? AND fingerprint = ?", list(marks)
    )
