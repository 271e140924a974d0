"""A zip that only wraps another zip, as the CVE List's baseline is published: the inner one is what readers read."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

from postmarket.sources.sync.download import ZIP, Downloaded
from postmarket.sources.sync.errors import CannotFetch
from postmarket.sources.sync.links import shown

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20


def unwrap_zip(outer: Path, target: Path, came: Downloaded, *, url: str, limit: int) -> Downloaded:
    """
    Turn `outer` into `target`: the one zip inside it, or `outer` itself when it holds no zip. `outer` is gone after.

    `came` is what is known of `outer`; the result has the size and SHA-256 of `target`. Raises CannotFetch when `outer`
    or what is in it is no zip, or larger than `limit`; then neither is left on disk.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        with zipfile.ZipFile(outer) as archive:
            inner = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".zip")]
            if len(inner) != 1:
                outer.replace(target)
                return came
            with archive.open(inner[0]) as source, part.open("wb") as file:
                sha256, size = _copy(source, file, limit)
        part.replace(target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as problem:
        raise CannotFetch(
            "the archive cannot be unpacked", where=shown(url), why=str(problem), next_step="Run the sync again."
        ) from problem
    finally:
        part.unlink(missing_ok=True)
        outer.unlink(missing_ok=True)
    return Downloaded(True, sha256, size, came.etag, came.last_modified)


def _copy(source: IO[bytes], file: IO[bytes], limit: int) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    while chunk := source.read(_CHUNK):
        if not size and not chunk.startswith(ZIP):
            raise zipfile.BadZipFile("the file inside is no zip")
        size += len(chunk)
        if size > limit:
            raise zipfile.BadZipFile(f"the file inside is larger than {limit:,} bytes")
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest(), size
