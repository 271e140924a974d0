"""Who acts when assessment works by itself."""

from __future__ import annotations

from postmarket.records.interface import Actor, ActorKind

ASSESSMENT = Actor(id="assessment", name="Assessment", kind=ActorKind.MACHINE)
