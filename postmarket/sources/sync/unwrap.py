"""A zip that only wraps another zip, as the CVE List's baseline is published: the inner one is what readers read."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from typing import TYPE_CHECKING

from postmarket.sources.sync.download import Downloaded
from postmarket.sources.sync.errors import CannotFetch
from postmarket.sources.sync.links import shown

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20


def unwrap_zip(outer: Path, target: Path, came: Downloaded, *, url: str, limit: int) -> Downloaded:
    """
    Turn `outer` into `target`: the one zip inside it, or `outer` itself when it holds no zip. `outer` is gone after.

    `came` is what is known of `outer`; the result has the size and SHA-256 of `target`. Raises CannotFetch when `outer`
    is no zip or its content is larger than `limit`.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        with zipfile.ZipFile(outer) as archive:
            inner = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".zip")]
            if len(inner) != 1:
                outer.replace(target)
                return came
            with archive.open(inner[0]) as source:
                digest = hashlib.sha256()
                size = 0
                with part.open("wb") as file:
                    while chunk := source.read(_CHUNK):
                        size += len(chunk)
                        if size > limit:
                            raise CannotFetch(
                                "the archive is too large",
                                where=shown(url),
                                why=f"more than {limit:,} bytes inside",
                                next_step="Check the address of the CVE List's releases.",
                            )
                        digest.update(chunk)
                        file.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as problem:
        part.unlink(missing_ok=True)
        outer.unlink(missing_ok=True)
        raise CannotFetch(
            "the archive cannot be unpacked", where=shown(url), why=str(problem), next_step="Run the sync again."
        ) from problem
    except CannotFetch:
        part.unlink(missing_ok=True)
        outer.unlink(missing_ok=True)
        raise
    part.replace(target)
    outer.unlink(missing_ok=True)
    return Downloaded(True, digest.hexdigest(), size, came.etag, came.last_modified)
