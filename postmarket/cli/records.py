"""`postmarket records verify|anchor`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from postmarket.cli.console import print_json
from postmarket.cli.exit_codes import Exit
from postmarket.cli.progress import CountBar
from postmarket.cli.records_there import records_there
from postmarket.errors import visible

if TYPE_CHECKING:
    from pathlib import Path

    from postmarket.records.problems import Problem
    from postmarket.records.verifying import Verification, Verified

JUST_A_DAY = 10


def verify(*, anchors: list[Path], keys: list[Path], as_json: bool) -> Exit:
    """
    Verify and print each finding as it comes; with `as_json` all at the end.

    Raises NoRecords, AnchorTrouble for a file that is no anchor, KeyTrouble for one that is no key.
    """
    with records_there():
        from postmarket.records.verifying import Verification

        with CountBar("Verifying", "entries") as bar:
            run = Verification(now=datetime.now(UTC), anchor_files=anchors, public_keys=keys, watch=bar.reached)
            return _as_json(run) if as_json else _as_lines(run)


def _as_lines(run: Verification) -> Exit:
    count = 0
    for problem in run.problems():
        count += 1
        sys.stdout.write(f"{problem.line()}\n")
    seen = run.seen
    if not count:
        sys.stdout.write(f"The chain is whole: {_extent(seen)}. {_anchored(seen)}\n")
        return Exit.OK
    things = "1 thing is" if count == 1 else f"{count:,} things are"
    sys.stdout.write(f"{things} wrong, in {_extent(seen)}. {_anchored(seen)}\n")
    return Exit.ALTERED


def _extent(seen: Verified) -> str:
    if not seen.entries:
        return "no entry yet"
    entries = "1 entry" if seen.entries == 1 else f"{seen.entries:,} entries"
    return f"{entries} from {seen.first_at[:JUST_A_DAY]} to {seen.last_at[:JUST_A_DAY]}"


def _anchored(seen: Verified) -> str:
    if not seen.anchored:
        return "No anchor covers any of it: a cut at its end could not be seen. Run: postmarket records anchor"
    files = "1 anchor" if seen.anchors == 1 else f"{seen.anchors:,} anchors"
    return f"Held against {files}, the newest up to entry {seen.anchored:,}."


def _as_json(run: Verification) -> Exit:
    findings = [_finding(problem) for problem in run.problems()]
    seen = run.seen
    print_json(
        {
            "whole": not findings,
            "chain": seen.chain,
            "entries": seen.entries,
            "first_at": seen.first_at,
            "last_at": seen.last_at,
            "anchors": seen.anchors,
            "anchored_up_to_entry": seen.anchored,
            "findings": findings,
        }
    )
    return Exit.ALTERED if findings else Exit.OK


def _finding(problem: Problem) -> dict[str, Any]:
    return {
        "fault": problem.fault.value,
        "first_entry": problem.first,
        "last_entry": problem.first if problem.last is None else problem.last,
        "at": problem.at,
        "kind": problem.kind,
        "what": problem.what,
        "meaning": problem.meaning,
        "next_step": problem.next_step,
    }


def anchor(*, as_json: bool) -> Exit:
    """Anchor now. 5 when it is kept nowhere; 3 when some place was not reached. Raises NoRecords, KeyTrouble."""
    with records_there():
        from postmarket.records.anchoring import anchor_now

        done = anchor_now(now=datetime.now(UTC))
    if as_json:
        places = [{"to": one.destination, "trouble": one.trouble} for one in done.deliveries]
        print_json({"entries": done.anchor.number, "hash": done.anchor.hash.hex(), "deliveries": places})
    else:
        sys.stdout.write(f"Anchored: {done.anchor.number:,} entries, hash {done.anchor.hash.hex()}.\n")
        for one in done.deliveries:
            line = (
                f"not kept by the {one.destination}: {one.trouble}" if one.trouble else f"kept by the {one.destination}"
            )
            sys.stdout.write(f"  {visible(line)}\n")
    if not done.kept:
        return Exit.FAILED
    return Exit.PARTLY if done.troubles else Exit.OK
