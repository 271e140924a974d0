"""What can be wrong with a score."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class ScoringError(PostmarketError):
    """A vector, score or decision point is not one."""

    code = "scoring"
