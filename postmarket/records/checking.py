"""Verifying as the site does by itself, what it found recorded and told; and where the chain stands now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.errors import visible
from postmarket.records import anchoring
from postmarket.records.alerts import Alert, AlertKind
from postmarket.records.entries import read
from postmarket.records.interface import Actor, ActorKind, Subject, Value
from postmarket.records.models import Entry, Head
from postmarket.records.problems import WEAKENS
from postmarket.records.trail import act
from postmarket.records.verifying import Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from postmarket.records.entries import Draft
    from postmarket.records.problems import Problem
    from postmarket.records.verifying import Verified

VERIFIED = "records.verified"
VERIFIER = Actor("records", "Records", ActorKind.MACHINE)
MOST_LINES = 20
LONGEST_LINE = 600


@dataclass(frozen=True, slots=True)
class Checked:
    """
    One verification: when (UTC), how many entries it looked at, how many problems it found, the first in words.

    `altered` are those that say something was changed; the others, that it could be without being seen.
    """

    at: datetime
    entries: int
    problems: int
    altered: int
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchoring:
    """The last anchor: when (UTC), how many entries it covers, the places it reached, and those it did not with why."""

    at: datetime
    entries: int
    reached: tuple[str, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the chain stands: how many entries, the newest's time (UTC), the last anchor, the last verification."""

    entries: int
    at: datetime | None
    anchored: Anchoring | None
    checked: Checked | None


def check_now(*, now: datetime, asked_by: str = "", watch: Callable[[int], None] | None = None) -> Checked:
    """
    Verify everything, record what was found, and tell when it is not whole.

    `asked_by` is the printed name of whoever wanted it now; without, it is the daily look. `watch` as in Verification.
    Told also when nothing can be recorded any more: ChainBroken or KeyTrouble is raised after that.
    """
    run = Verification(now=now, watch=watch)
    found = _counted(run.problems(), now=now, seen=run.seen)
    detail: dict[str, Value] = {
        "entries": found.entries,
        "anchors": run.seen.anchors,
        "anchored": run.seen.anchored,
        "problems": found.problems,
        "altered": found.altered,
        "first": list(found.lines),
    }
    why = (
        f"{asked_by} asked for it." if asked_by else "Verified daily, so that a change is found while it can be undone."
    )
    with act(actor=VERIFIER, at=now, why=why) as doing:
        doing.note(VERIFIED, subject=Subject("chain", run.seen.chain or "unknown"), detail=detail)
        if found.problems:
            doing.tell(_alert(found))
    return found


def _counted(problems: Iterator[Problem], *, now: datetime, seen: Verified) -> Checked:
    """All of them counted, the first of those that were altered in words; `seen` is complete after the last."""
    total = altered = 0
    lines: list[str] = []
    weakened: list[str] = []
    for problem in problems:
        total += 1
        altered += problem.fault not in WEAKENS
        of_its_kind = weakened if problem.fault in WEAKENS else lines
        if len(of_its_kind) < MOST_LINES:
            of_its_kind.append(problem.line()[:LONGEST_LINE])
    return Checked(now, seen.entries, total, altered, tuple([*lines, *weakened][:MOST_LINES]))


def _alert(found: Checked) -> Alert:
    if not found.altered:
        text = f"The records could be changed without being seen: {found.lines[0]}"
        return Alert(AlertKind.ANCHORING_FAILED, found.at, VERIFIER, text)
    things = "1 thing is" if found.altered == 1 else f"{found.altered:,} things are"
    text = f"The records are not whole: {things} wrong. First: {found.lines[0]}"
    return Alert(AlertKind.VERIFY_FAILED, found.at, VERIFIER, text)


def standing() -> Standing | None:
    """
    Where the chain stands, from three small queries: what it says of itself, which only verifying proves.

    None when there is no head: then nothing can be recorded.
    """
    head = Head.objects.filter(pk=Head.ONLY).first()
    if head is None:
        return None
    made = _last(anchoring.MADE, head.chain)
    checked = _last(VERIFIED, head.chain)
    return Standing(
        entries=head.number,
        at=head.at,
        anchored=None if made is None else _anchoring(made),
        checked=None if checked is None else _checked(checked),
    )


def _last(kind: str, chain: str) -> Draft | None:
    entry = Entry.objects.filter(kind=kind, subject_kind="chain", subject_id=chain).order_by("-number").first()
    return None if entry is None else read(bytes(entry.content))[1]


def _anchoring(said: Draft) -> Anchoring:
    detail = said.detail or {}
    deliveries = detail.get("deliveries")
    reached, missed = [], []
    for one in deliveries if isinstance(deliveries, list) else ():
        place, trouble = visible(str(one["to"])), visible(str(one["trouble"]))
        (missed.append(f"{place}: {trouble}") if trouble else reached.append(place))
    return Anchoring(said.at, _number(detail.get("number")), tuple(reached), tuple(missed))


def _checked(said: Draft) -> Checked:
    detail = said.detail or {}
    first = detail.get("first")
    lines = tuple(str(line) for line in first) if isinstance(first, list) else ()
    return Checked(
        said.at, _number(detail.get("entries")), _number(detail.get("problems")), _number(detail.get("altered")), lines
    )


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0
