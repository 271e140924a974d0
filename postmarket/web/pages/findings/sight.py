"""What can be seen and what cannot: the four states of components as a picture and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from postmarket.matching.interface import Coverage
from postmarket.web.components.charts import Share
from postmarket.web.components.tags import Meaning

MOST_CAUSES: Final = 4
STATES: Final = {
    Coverage.MATCHED: (Meaning.HARM, "With something found"),
    Coverage.MATCHED_NONE: (Meaning.SAFE, "Monitored, nothing found"),
    Coverage.UNMATCHED: (Meaning.UNKNOWN, "Not identified"),
    Coverage.NOT_MONITORABLE: (Meaning.PLAIN, "No source covers"),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """How many components stand in each state, and why some are not seen, the most frequent reason first."""

    counts: Mapping[Coverage, int]
    reasons: Mapping[str, int]

    @property
    def shares(self) -> tuple[Share, ...]:
        """For the bar."""
        return tuple(Share(meaning, words, self.counts[state]) for state, (meaning, words) in STATES.items())

    @property
    def components(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def unseen(self) -> int:
        """Those that nothing can be said of."""
        return self.counts[Coverage.UNMATCHED] + self.counts[Coverage.NOT_MONITORABLE]

    @property
    def causes(self) -> Mapping[str, int]:
        """The most frequent reasons."""
        return dict(islice(self.reasons.items(), MOST_CAUSES))

    @property
    def otherwise(self) -> int:
        """How many are not seen for a reason that is not among the most frequent."""
        return max(self.unseen - sum(self.causes.values()), 0)
