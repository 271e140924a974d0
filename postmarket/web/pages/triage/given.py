"""For which device versions an answer will be proposed, in words: before it is given, and in the message afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from postmarket.monitoring.queries.proposing import Target, proposed_to
from postmarket.web.components.text import plural

if TYPE_CHECKING:
    from postmarket.accounts.rules import Lines
    from postmarket.web.pages.findings.items import Item

MOST_IN_A_LINE: Final = 8


@dataclass(frozen=True, slots=True)
class Given:
    """The versions, each once; those of lines the person does not read are counted without a name."""

    devices: Sequence[tuple[str, Sequence[str]]]
    """The name of each device with the labels of its versions."""
    versions: int
    unnamed: int

    @property
    def number(self) -> str:
        """ "3 versions"."""
        return plural(self.versions, "version")

    @property
    def names(self) -> str:
        """ "Dosimere 3 3.0; Ventorsa 5 5.1, 5.2; 1 version of another line"."""
        named = [f"{device} {', '.join(labels)}" for device, labels in self.devices]
        return "; ".join([*named, *([f"{plural(self.unnamed, 'version')} of another line"] if self.unnamed else [])])

    @property
    def is_short(self) -> bool:
        """Whether the names fit into a line."""
        return self.versions <= MOST_IN_A_LINE

    @property
    def line(self) -> str:
        """What the fold over many names says."""
        return f"Every one of the {self.number} it is proposed for"

    @property
    def words(self) -> str:
        """The number, with the names where they are few."""
        return f"{self.number}: {self.names}" if self.is_short else self.number


def given(chosen: Iterable[Item], held: Lines) -> Given:
    """What `services.deciding` will propose answers to these items for; `held` are the lines the person reads."""
    return in_words(proposed_to(row for item in chosen for row in item.rows), held)


def in_words(targets: Sequence[Target], held: Lines) -> Given:
    """The same of places that are known."""
    versions = {one.place[0]: one for one in targets}.values()
    devices: dict[str, list[str]] = {}
    for one in versions:
        if held.covers(one.line):
            devices.setdefault(one.device, []).append(one.label)
    unnamed = sum(not held.covers(one.line) for one in versions)
    return Given(list(devices.items()), len(versions), unnamed)
