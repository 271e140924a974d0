"""Where the firm's own policy stands."""

from __future__ import annotations

import os
from pathlib import Path

DEFAULT = "policy.toml"


def policy_files(said: str | None, *, home: Path) -> tuple[Path, ...]:
    """The files that `said` names, separated as in PATH; else `policy.toml` in the home, if it is there."""
    if said:
        return tuple(Path(name) for name in said.split(os.pathsep) if name)
    default = home / DEFAULT
    return (default,) if default.is_file() else ()
