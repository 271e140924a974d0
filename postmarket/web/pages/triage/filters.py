"""Which findings triage shows: read from the address, so that every view of the list is a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.utils import timezone

from postmarket.monitoring.queries.findings import Asked
from postmarket.monitoring.words import FindingState
from postmarket.policy.interface import ClinicalRole, Priority
from postmarket.web.pages.findings.words import LANES, PRIORITIES, ROLES
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from django.http import QueryDict

LANE_KEYS: Final = {
    "possible": Lane.POSSIBLE,
    "suggested": Lane.SUGGESTED_NOT_AFFECTED,
    "supplier": Lane.SUPPLIER_NOT_AFFECTED,
}
"""The worklist is what is shown without a lane."""
STATE_KEYS: Final = {
    "": (FindingState.OPEN, FindingState.REOPENED),
    "reopened": (FindingState.REOPENED,),
    "proposed": (FindingState.PROPOSED,),
    "decided": (FindingState.DECIDED,),
    "any": (),
}
"""What nobody has answered yet, or what re-opened, is shown when the address says nothing."""
LONGEST_TEXT: Final = 100
LARGEST: Final = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """
    What the address asks for. `development` shows versions that are not shipped yet, instead of those that are.

    `state` is a key of STATE_KEYS; what waits to be signed is shown whatever its lane and stage: nothing that was
    proposed is out of sight. `since` is a day of the site's zone, from its beginning.
    """

    lane: Lane = Lane.WORKLIST
    state: str = ""
    priority: Priority | None = None
    device: int | None = None
    version: int | None = None
    role: ClinicalRole | None = None
    kev: bool = False
    since: datetime | None = None
    development: bool = False
    text: str = ""

    @property
    def asked(self) -> Asked:
        """The same, as the query takes it."""
        return Asked(
            lanes=() if self.whole else (self.lane,),
            states=STATE_KEYS[self.state],
            priorities=(self.priority,) if self.priority else (),
            devices=(self.device,) if self.device else (),
            versions=(self.version,) if self.version else (),
            roles=(self.role,) if self.role else (),
            kev=True if self.kev else None,
            since=self.since,
            shipped=None if self.version or self.whole else not self.development,
            text=self.text,
        )

    @property
    def whole(self) -> bool:
        """Whether lane and stage are no question: all that waits to be signed."""
        return self.state == "proposed" and self.lane is Lane.WORKLIST and not self.development

    @property
    def narrowed(self) -> bool:
        """Whether anything but the lane is asked for."""
        return self != Filters(lane=self.lane, state=self.state)

    def url(self, **changes: object) -> str:
        """The address of the list with some of it changed; empty when nothing is asked."""
        query = urlencode(replace(self, **changes).parameters)  # type: ignore[arg-type]
        return f"?{query}" if query else ""

    @property
    def parameters(self) -> Mapping[str, str]:
        """What stands in the address."""
        lane = next((key for key, lane in LANE_KEYS.items() if lane is self.lane), "")
        said = {
            "lane": lane,
            "state": self.state,
            "priority": self.priority.name.lower() if self.priority else "",
            "device": str(self.device or ""),
            "version": str(self.version or ""),
            "role": self.role.value if self.role else "",
            "kev": "yes" if self.kev else "",
            "since": f"{timezone.localtime(self.since):%Y-%m-%d}" if self.since else "",
            "stage": "development" if self.development else "",
            "q": self.text,
        }
        return {key: value for key, value in said.items() if value}


def filters(query: QueryDict) -> Filters:
    """What an address asks for; what makes no sense asks nothing."""
    return Filters(
        lane=LANE_KEYS.get(query.get("lane", ""), Lane.WORKLIST),
        state=query.get("state", "") if query.get("state", "") in STATE_KEYS else "",
        priority=Priority.__members__.get(query.get("priority", "").upper()),
        device=_number(query.get("device", "")),
        version=_number(query.get("version", "")),
        role=next((role for role in ClinicalRole if role.value == query.get("role")), None),
        kev=query.get("kev") == "yes",
        since=_day(query.get("since", "")),
        development=query.get("stage") == "development",
        text="".join(char for char in query.get("q", "") if char.isprintable()).strip()[:LONGEST_TEXT],
    )


def _number(said: str) -> int | None:
    number = int(said) if said.isascii() and said.isdecimal() and len(said) <= len(str(LARGEST)) else 0
    return number if 0 < number < LARGEST else None


def _day(said: str) -> datetime | None:
    try:
        day = datetime.fromisoformat(said).date()
        return timezone.make_aware(datetime.combine(day, time.min)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


PRIORITY_OPTIONS: Final = tuple((priority.name.lower(), words) for priority, (words, _) in PRIORITIES.items())
ROLE_OPTIONS: Final = tuple(
    (role.value, ROLES[role] if role is not ClinicalRole.UNKNOWN else "Not stated") for role in ClinicalRole
)
LANE_OPTIONS: Final = tuple((key, LANES[lane]) for key, lane in LANE_KEYS.items())
