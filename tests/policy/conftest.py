"""What the tests of policy share."""

from __future__ import annotations

import pytest

from postmarket.policy.pack import Pack, load_pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The policy as shipped."""
    return load_pack()
