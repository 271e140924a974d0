"""What can be wrong with what a scan is asked for."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class WorklistError(PostmarketError):
    """A portfolio file or a rule is wrong."""

    code = "worklist"


class PortfolioError(WorklistError):
    """A portfolio file is not one."""

    code = "portfolio"


class RuleError(WorklistError):
    """A --fail-on rule is not one."""

    code = "fail-on"
