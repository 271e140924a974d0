"""`-o FILE`: a plain file is replaced only once the new one is whole; anything else is written to."""

from __future__ import annotations

import os
import stat
from pathlib import Path

SPECIAL = ("/dev/", "/proc/")
"""What lies here stands for something else, such as a shell's redirection, and is never replaced."""


def write_file(path: Path, content: bytes) -> None:
    """
    Write `content` to `path`, links followed; a pipe or a device stays what it is.

    Raises OSError, naming `path` or the folder it is in.
    """
    if str(path).startswith(SPECIAL) or not _is_plain(path):
        with path.open("wb") as stream:
            stream.write(content)
        return
    target = path.resolve()
    unfinished = target.with_name(f".postmarket-{os.getpid()}.part")
    try:
        unfinished.write_bytes(content)
        if target.exists():
            unfinished.chmod(stat.S_IMODE(target.stat().st_mode))
        unfinished.replace(target)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        error.filename = str(path)
        raise


def _is_plain(path: Path) -> bool:
    """Whether `path` is a regular file, or nothing yet."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True
