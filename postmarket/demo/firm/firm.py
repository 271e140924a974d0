"""The firm while its history is being made: who is there, and what time it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from postmarket import tasks
from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.demo import FIRST_SEEN_HOURS
from postmarket.demo.errors import DemoError
from postmarket.tasks.worker.attempt import Outcome

FIRST_SEEN: Final = timedelta(hours=FIRST_SEEN_HOURS)


@dataclass
class Firm:
    """`now` is when a visitor comes (UTC); everything was done before. `secrets` are of the code generators."""

    home: Path
    now: datetime
    people: dict[Role, Person] = field(default_factory=dict)
    secrets: dict[int, str] = field(default_factory=dict)

    def ago(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        """So long before the visitor comes."""
        return self.now - timedelta(days=days, hours=hours, minutes=minutes)

    def work(self, *, now: datetime) -> None:
        """Let the machines do what waits for them. Raises DemoError when one of them could not."""
        if any(outcome is not Outcome.DONE for outcome in tasks.run_due(now=now)):
            raise DemoError("A task of the example manufacturer failed", next_step="Report this as a defect.")
