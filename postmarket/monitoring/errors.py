"""
What can be wrong in monitoring.

MonitoringError
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class MonitoringError(PostmarketError):
    """Something is wrong in monitoring."""

    code = "monitoring"
