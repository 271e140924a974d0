"""The policy that ranks findings and dates them."""

from __future__ import annotations

from functools import cache

from postmarket.policy.pack import Pack, load_pack


@cache
def pack_in_force() -> Pack:
    """The packs that come with postmarket."""
    return load_pack()
