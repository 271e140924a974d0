"""
What can be wrong in cases.

CasesError
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class CasesError(PostmarketError):
    """Something is wrong in cases."""

    code = "cases"
