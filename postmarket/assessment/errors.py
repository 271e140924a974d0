"""
What can be wrong in assessment.

AssessmentError
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class AssessmentError(PostmarketError):
    """Something is wrong in assessment."""

    code = "assessment"
