"""
The example manufacturer that `postmarket demo` shows offline.

The data is described in data/README.md: devices and firms are invented, components and vulnerabilities are real. What
stands here imports no Django; `firm` is the site's history, `settings` its settings (ADR 46).
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from postmarket.sources.interface import Source

FIRST_SEEN_HOURS = 20
"""How long before now the example manufacturer first matched its portfolio: all its dates run from there."""
FEEDS = (Source.NVD, Source.CVE, Source.KEV, Source.EPSS, Source.OSV, Source.CSAF)
"""The sources the demo has data of, in the order they are loaded."""


def portfolio_path() -> Path:
    """The example portfolio; its SBOMs and VEX lie beside it."""
    return _data() / "portfolio.yaml"


def vex_paths() -> tuple[Path, ...]:
    """What two suppliers say in VEX; the portfolio names the same files."""
    return tuple(sorted((_data() / "vex").iterdir()))


def arriving_path() -> Path:
    """An SBOM that a pipeline sends for a device nobody has entered."""
    return _data() / "arriving" / "ventorsa-bedside-panel-0.9.cdx.json"


def feed_paths() -> dict[Source, tuple[Path, ...]]:
    """Each source's data, folders of files in the source's own format, in loading order."""
    return {source: (_data() / "feeds" / source.value,) for source in FEEDS}


def _data() -> Path:
    """The folder of the demo's data as installed; the package is never run out of an archive."""
    return Path(str(files(__name__))) / "data"
