"""Which findings are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from postmarket.monitoring.words import FindingState
from postmarket.policy.interface import ClinicalRole, Priority
from postmarket.worklist.interface import Lane


@dataclass(frozen=True, slots=True)
class Asked:
    """
    Every field narrows; an empty one asks nothing.

    `vulnerabilities` are alias groups (`lead`), `places` single rows as (version, identity, lead). `kev` True asks for
    those in CISA's catalogue. `shipped` True asks for versions on the market, False for those in development. `since`
    asks for rows that came into being at that moment (UTC) or later: newly matched, newly listed, or newly shipped.
    `text` is looked for in names of vulnerability, component and device, case aside.
    """

    devices: Sequence[int] = ()
    versions: Sequence[int] = ()
    identities: Sequence[int] = ()
    vulnerabilities: Sequence[int] = ()
    places: Sequence[tuple[int, int, int]] = ()
    lanes: Sequence[Lane] = ()
    states: Sequence[FindingState] = ()
    priorities: Sequence[Priority] = ()
    roles: Sequence[ClinicalRole] = ()
    suppliers: Sequence[str] = ()
    kev: bool | None = None
    shipped: bool | None = None
    since: datetime | None = None
    text: str = ""


EVERYTHING = Asked()
"""Every finding."""
