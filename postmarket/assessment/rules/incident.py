"""Where an incident stands on its way, from what was noted of it. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final


class Standing(StrEnum):
    """How far an incident is. What a site did by itself may skip the plan and its approval."""

    UNPLANNED = "not planned"
    PLANNED = "planned"
    """The plan waits for a clinical safety lead."""
    APPROVED = "approved"
    ISOLATED = "isolated"
    RESTORED = "restored"
    RULED_OUT = "ruled out"


OVER: Final = (Standing.RESTORED, Standing.RULED_OUT)


def standing(
    *,
    planned_at: datetime | None,
    approved_at: datetime | None,
    isolated_at: datetime | None,
    restored_at: datetime | None,
    ruled_out_at: datetime | None,
) -> Standing:
    """The furthest point reached; `approved_at` is of the approval that counts, None where it is void."""
    reached = (
        (ruled_out_at, Standing.RULED_OUT),
        (restored_at, Standing.RESTORED),
        (isolated_at, Standing.ISOLATED),
        (approved_at, Standing.APPROVED),
        (planned_at, Standing.PLANNED),
    )
    return next((there for at, there in reached if at is not None), Standing.UNPLANNED)
