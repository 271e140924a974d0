"""What every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED_DATA = Path(os.environ.get("POSTMARKET_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real feeds, SBOMs and reference answers kept beside the project; skips where it is absent."""
    if not SHARED_DATA.is_dir():
        message = f"no real data at {SHARED_DATA}: set POSTMARKET_TEST_DATA to its folder to run this test"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED_DATA
