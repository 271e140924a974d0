"""Who acts when cases work by themselves."""

from __future__ import annotations

from postmarket.records.interface import Actor, ActorKind

CASES = Actor(id="cases", name="Cases", kind=ActorKind.MACHINE)
