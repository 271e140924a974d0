"""Anchors as files in a folder: best on a medium that can be written once, or on another machine."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.records.anchors.interface import SUFFIX, file_name, written
from postmarket.records.errors import AnchorTrouble

if TYPE_CHECKING:
    from pathlib import Path

    from postmarket.records.heads import SignedHead


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, made when it is not there."""

    path: Path

    @property
    def name(self) -> str:
        """What it is called in records."""
        return f"folder {self.path}"

    def deliver(self, anchor: SignedHead) -> None:
        """Write the anchor as a read-only file, whole or not at all; one that is there stays as it is."""
        place = self.path / file_name(anchor)
        unfinished = place.with_suffix(f".{os.getpid()}.part")
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            with unfinished.open("wb") as file:
                file.write(written(anchor))
                file.flush()
                os.fsync(file.fileno())
            unfinished.chmod(0o444)
            with contextlib.suppress(FileExistsError):
                os.link(unfinished, place)
        except OSError as error:
            raise AnchorTrouble(
                "The anchor cannot be written",
                where=str(place),
                why=error.strerror or str(error),
                next_step="Make the folder writable, or name another with POSTMARKET_ANCHOR_FOLDER.",
            ) from error
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink()

    def files(self) -> list[Path]:
        """Every anchor file there, oldest first."""
        return sorted(self.path.glob(f"*{SUFFIX}"))
