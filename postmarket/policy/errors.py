"""What can be wrong with a policy."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class PolicyError(PostmarketError):
    """A policy pack, rule or clock input is wrong."""

    code = "policy"
