"""Where the bench finds and keeps things."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Places:
    """
    `data` is the folder of real feeds, SBOMs and reference answers, `tools` the scripts beside it that extend them
    (both may be absent); `cache` is git-ignored, built once and reused.
    """

    data: Path
    tools: Path
    cache: Path

    @property
    def home(self) -> Path:
        """POSTMARKET_HOME with the scaled feed loaded; written anew by each run."""
        return self.cache / "home"

    @property
    def logs(self) -> Path:
        """What the measured commands wrote."""
        return self.cache / "logs"

    @property
    def postmarket(self) -> Path:
        """The console script a user runs."""
        return Path(sys.executable).with_name("postmarket")

    def environment(self, home: Path) -> dict[str, str]:
        """The whole environment of a measured command: nothing of the caller's but PATH."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
            "TERM": "dumb",
            "POSTMARKET_HOME": str(home),
            # Any try to reach the network fails at once instead of being measured.
            "http_proxy": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9",
        }


def find() -> Places:
    """The places of this machine: data from POSTMARKET_TEST_DATA, else beside the project."""
    data = Path(os.environ.get("POSTMARKET_TEST_DATA", ROOT.parent / "shared" / "data")).resolve()
    return Places(data=data, tools=data.parent / "tools", cache=ROOT / ".bench")
