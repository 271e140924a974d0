"""A site that starts with another policy, or in which one takes effect, says so in its records and ranks anew."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from postmarket.monitoring.actor import MONITORING
from postmarket.monitoring.policy import pack_in_force
from postmarket.monitoring.services.projecting.asking import ask
from postmarket.records import Subject, act, evidence
from postmarket.records.queries import as_of

POLICY: Final = Subject("policy", "in-force")
MEDIA_TYPE = "application/toml"


def follow_policy(*, now: datetime) -> bool:
    """
    Record the policy in force if it is not the one recorded last, keep the firm's files as evidence, and have findings
    ranked anew; whether it was another. Raises OSError when a file cannot be kept.
    """
    pack, last = pack_in_force(), as_of(POLICY, now)
    before = None if last is None else last.snapshot
    if before is not None and before["sha256"] == pack.digest:
        return False
    with act(actor=MONITORING, at=now, why="Another policy is in force.", policy=pack.version) as doing:
        for overlay in pack.overlays:
            evidence.keep(
                doing, overlay.content, media_type=MEDIA_TYPE, source=f"The firm's policy, {overlay.path}", about=POLICY
            )
        after = {
            "version": pack.version,
            "sha256": pack.digest,
            "files": [f"{one.path} {one.digest}" for one in pack.overlays],
        }
        doing.note("policy.in_force", subject=POLICY, before=before, after=after)
        ask(now=now)
    return True
