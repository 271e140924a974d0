"""The state of the chain as a finding: one sentence, its colour, and what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from postmarket.records.checking import Standing
from postmarket.records.ends import ANCHOR_EVERY, ANCHOR_LATE
from postmarket.web.components.dates import in_words
from postmarket.web.components.tags import Meaning
from postmarket.web.components.text import plural

LATE = ANCHOR_EVERY + ANCHOR_LATE


@dataclass(frozen=True)
class Verdict:
    """What the page is called, what colour that has, and what it means for whoever reads it."""

    title: str
    meaning: Meaning
    line: str


def verdict(standing: Standing | None, *, now: datetime) -> Verdict:
    """The worst of what is known comes first; whole is only what was verified, never what came since."""
    if standing is None:
        return Verdict(
            "The records have lost their end: nothing more can be recorded.",
            Meaning.HARM,
            "Whoever saves something meets an error. Run postmarket records verify, then restore a backup.",
        )
    if not standing.entries:
        return Verdict(
            "Nothing is recorded yet.", Meaning.PLAIN, "Whatever people and feeds do from now on stands here."
        )
    entries = plural(standing.entries, "entry,entries")
    checked, anchored = standing.checked, standing.anchored
    if checked is not None and checked.altered:
        wrong = "One thing is" if checked.altered == 1 else f"{checked.altered:,} things are"
        return Verdict(
            f"{wrong} wrong with the records.",
            Meaning.HARM,
            f"Found {in_words(checked.at)}, in {plural(checked.entries, 'entry,entries')}.",
        )
    if checked is None:
        return Verdict(
            f"Nobody has verified the {entries} yet.",
            Meaning.UNKNOWN,
            "A worker verifies daily at 02:50 UTC. Whether the chain is whole is not known before.",
        )
    if now - checked.at > LATE:
        return Verdict(
            f"The chain was whole {in_words(checked.at)}, and nobody has looked since.",
            Meaning.SOON,
            "A worker verifies daily. See that one runs: postmarket worker.",
        )
    upto = f"The chain is whole up to entry {checked.entries:,}"
    if anchored is None or not anchored.reached or now - anchored.at > LATE:
        return Verdict(
            f"{upto}, but its end is not anchored.",
            Meaning.SOON,
            "A cut at its end could not be seen. See that a worker runs, and that the places of anchors answer.",
        )
    came = standing.entries - checked.entries
    since = f"; {plural(came, 'entry,entries')} came since" if came > 0 else ""
    return Verdict(
        f"{upto}, verified {in_words(checked.at)}{since}.",
        Meaning.SAFE,
        f"Verified entry by entry, with every evidence file. "
        f"Anchored up to entry {anchored.entries:,} {in_words(anchored.at)}.",
    )
