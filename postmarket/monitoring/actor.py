"""Who acts when monitoring works by itself."""

from __future__ import annotations

from postmarket.records.interface import Actor, ActorKind

MONITORING = Actor(id="monitoring", name="Monitoring", kind=ActorKind.MACHINE)
