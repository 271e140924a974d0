"""
What can be wrong in intake.

IntakeError
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class IntakeError(PostmarketError):
    """Something is wrong in intake."""

    code = "intake"
