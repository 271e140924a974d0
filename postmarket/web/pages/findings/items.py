"""One vulnerability in one device, with every version and component it concerns: what a person decides at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse

from postmarket.monitoring.words import FindingState
from postmarket.policy.interface import ClinicalRole, Priority, Timeline
from postmarket.policy.timeline import timeline
from postmarket.web import clock
from postmarket.web.components.tags import Meaning
from postmarket.web.pages.findings.words import PATHS, PRIORITIES, Tag, state_words, tags
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from postmarket.inventory.models import Device
    from postmarket.monitoring.models import VulnerabilityFacts
    from postmarket.monitoring.queries.findings import FindingRow
    from postmarket.policy.pack import Pack

MOST_VERSIONS = 4
SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The date that drives an item: the article's limit for a mitigation, else its target for a patch."""

    words: str
    at: datetime
    meaning: Meaning


@dataclass(frozen=True)
class Item:
    """Rows of one vulnerability in one device, the most pressing first; never empty."""

    rows: tuple[FindingRow, ...]
    pack: Pack

    @property
    def key(self) -> str:
        """What names it in an address: the device and the vulnerability."""
        return f"{self.device.pk}-{self.facts.lead}"

    @property
    def first(self) -> FindingRow:
        """The most pressing row."""
        return self.rows[0]

    @property
    def device(self) -> Device:
        """The product model."""
        return self.first.device

    @property
    def facts(self) -> VulnerabilityFacts:
        """What is known of the vulnerability."""
        return self.first.facts

    @property
    def priority(self) -> Priority:
        """The order of work."""
        return self.first.priority

    @cached_property
    def components(self) -> str:
        """The components with their versions: "linux-yocto 5.4.178, 5.15.148"."""
        named: dict[str, dict[str, None]] = {}
        for row in self.rows:
            named.setdefault(row.identity.name, {})[row.identity.version] = None
        return "; ".join(
            f"{name} {', '.join(version for version in versions if version)}".strip()
            for name, versions in named.items()
        )

    @cached_property
    def versions(self) -> tuple[str, ...]:
        """The labels of the device versions, in the order of the rows, each once."""
        return tuple(dict.fromkeys(sorted(row.version.label for row in self.rows)))

    @property
    def versions_in_words(self) -> str:
        """ "5.1, 5.2"; many are counted."""
        if len(self.versions) <= MOST_VERSIONS:
            return ", ".join(self.versions)
        return f"{', '.join(self.versions[: MOST_VERSIONS - 1])} and {len(self.versions) - MOST_VERSIONS + 1} more"

    @property
    def waits(self) -> bool:
        """Whether any of it waits for an answer; what a supplier clears does not."""
        return any(_waits(row) for row in self.rows)

    @cached_property
    def states_in_words(self) -> str:
        """ "5.2 open; 5.1 decided: not affected", the versions by what was said of them."""
        said: dict[str, list[str]] = {}
        for row in sorted(self.rows, key=lambda row: (not _waits(row), row.version.label)):
            labels = said.setdefault(state_words(row), [])
            if row.version.label not in labels:
                labels.append(row.version.label)
        if len(said) == 1:
            return next(iter(said))
        return "; ".join(f"{', '.join(labels)} {words[:1].lower()}{words[1:]}" for words, labels in said.items())

    @property
    def title(self) -> str:
        """Where in the device it is, in words about what that part does for the patient."""
        return f"{self.components}{PATHS[self.first.role]}{self.device.name}"

    @property
    def url(self) -> str:
        """Its place in triage."""
        return f"{reverse('triage')}?at={self.key}"

    @property
    def meaning(self) -> Meaning:
        """The colour of its priority."""
        return PRIORITIES[self.priority][1]

    @property
    def reason(self) -> str:
        """Why it has its place, as the policy says it."""
        return self.first.standing.reason

    @property
    def role_unknown(self) -> bool:
        """Whether nobody has said what the part does for the patient."""
        return self.first.role is ClinicalRole.UNKNOWN

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """What stands beside it."""
        return tags(self.first)

    @cached_property
    def aware(self) -> datetime | None:
        """When the firm first knew, of the version it knew first; None while none of them is shipped."""
        return min((row.aware for row in self.rows if row.aware is not None), default=None)

    @cached_property
    def dates(self) -> Timeline | None:
        """The article's dates; None while no version is shipped: what is in development has no clock."""
        if self.aware is None:
            return None
        return timeline(self.facts.score, aware=self.aware, pack=self.pack)

    @cached_property
    def due(self) -> Deadline | None:
        """The date that drives it; None without a clock, and where the article gives no date."""
        run = self.dates
        if run is None:
            return None
        at, words = (run.mitigate_by, "Mitigate by") if run.mitigate_by else (run.patch_target, "Patch by")
        if at is None:
            return None
        now, hard = clock.now(), run.mitigate_by or run.patch_limit
        if hard is not None and hard < now:
            return Deadline(f"Late: {words.lower()}", hard, Meaning.HARM)
        return Deadline(words, at, Meaning.SOON if at - now <= SOON else Meaning.PLAIN)


def _waits(row: FindingRow) -> bool:
    """Whether somebody has to judge it."""
    if row.state is FindingState.REOPENED:
        return True
    return row.state is FindingState.OPEN and row.lane is not Lane.SUPPLIER_NOT_AFFECTED


def items(rows: Iterable[FindingRow], *, pack: Pack) -> list[Item]:
    """The rows put together, in the order in which each first comes."""
    found: dict[tuple[int, int], list[FindingRow]] = {}
    for row in rows:
        found.setdefault((row.device.pk, row.match.lead), []).append(row)
    return [Item(tuple(together), pack) for together in found.values()]


def most(found: Sequence[Item], number: int, *, but: Iterable[Item] = ()) -> list[Item]:
    """The first `number` that are not among `but`."""
    left_out = {item.key for item in but}
    return [item for item in found if item.key not in left_out][:number]
