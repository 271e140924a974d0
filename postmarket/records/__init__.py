"""
Records: the append-only trail, its evidence, its signatures. Everything may write here, nothing may change it.

    with records.act(actor=actor, at=now, why="…") as act:
        device.save()
        act.note("device.created", subject=device, before=None, after=snapshot)
"""

from postmarket.records.interface import UNSAID, Actor, ActorKind, HasSubject, Snapshot, Subject, Value, instant
from postmarket.records.trail import Act, act

__all__ = [
    "UNSAID",
    "Act",
    "Actor",
    "ActorKind",
    "HasSubject",
    "Snapshot",
    "Subject",
    "Value",
    "act",
    "instant",
]
