"""People, subjects and acts for tests of records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from postmarket import records
from postmarket.records import UNSAID, Actor, ActorKind, Snapshot, Subject
from postmarket.records.interface import Unsaid

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ANALYST = Actor("7", "Petra Sommer", ActorKind.HUMAN)
LEAD = Actor("8", "Dr. Amara Okafor", ActorKind.HUMAN)
FEEDS = Actor("feeds", "Feed runs", ActorKind.MACHINE)
PUMP = Subject("device", "42")
VENTILATOR = Subject("device", "43")


def record(
    kind: str = "device.changed",
    *,
    subject: Subject = PUMP,
    actor: Actor = ANALYST,
    at: datetime = NOON,
    before: Snapshot | Unsaid | None = UNSAID,
    after: Snapshot | Unsaid | None = UNSAID,
    why: str = "As reported by the hospital.",
) -> None:
    """One act with one record."""
    with records.act(actor=actor, at=at, why=why) as act:
        act.note(kind, subject=subject, before=before, after=after)


def story(length: int, *, start: datetime = NOON) -> None:
    """`length` records, a minute apart: a pump whose firmware goes from version to version."""
    for step in range(length):
        record(
            at=start + timedelta(minutes=step),
            before={"firmware": f"1.{step - 1}"} if step else None,
            after={"firmware": f"1.{step}"},
        )
