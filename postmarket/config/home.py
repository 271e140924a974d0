"""Where postmarket keeps its state."""

from __future__ import annotations

import os
from pathlib import Path

STORE = "postmarket.sqlite3"


def home() -> Path:
    """`POSTMARKET_HOME`, else the platform's folder for a user's data."""
    named = os.environ.get("POSTMARKET_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("postmarket", appauthor=False)
