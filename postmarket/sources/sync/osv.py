"""
OSV's bucket: one `all.zip` per ecosystem, asked for conditionally (google.github.io/osv.dev/data, "Data dumps").

Release branches of a distribution (`Debian:12`) are inside the archive of the distribution.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postmarket.sources.sync.download import ZIP, Ask
from postmarket.sources.sync.errors import CannotFetch, Unreachable
from postmarket.sources.sync.links import path_part
from postmarket.sources.sync.run import MIB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.sources.sync.interface import Fetched, FetchFailed
    from postmarket.sources.sync.run import Run


def fetch(run: Run) -> Iterator[Fetched | FetchFailed]:
    """
    The archive of each chosen ecosystem, when it changed since the last run; one that fails stops no other.

    Raises Unreachable when the bucket cannot be connected to at all.
    """
    for ecosystem in dict.fromkeys(run.endpoints.osv_ecosystems):
        url = f"{run.endpoints.osv}/{path_part(ecosystem)}/all.zip"
        target = run.folder / f"{re.sub(r'[^A-Za-z0-9._-]+', '_', ecosystem).lstrip('.') or '_'}.zip"
        try:
            yield run.fetch(Ask(url, target, 4096 * MIB, ZIP))
        except Unreachable:
            raise
        except CannotFetch as problem:
            yield run.failed(problem)
