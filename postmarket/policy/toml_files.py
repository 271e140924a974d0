"""TOML bytes into a typed table, or one clear line that says where it is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import msgspec

from postmarket.policy.errors import PolicyError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 2**20

T = TypeVar("T", bound=msgspec.Struct)


def read_bytes(path: Path) -> bytes:
    """The whole of a pack file of at most 1 MiB. Raises PolicyError."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise PolicyError(
            "the policy file cannot be read", where=str(path), why=why, next_step="Check its path and permissions."
        ) from error
    if len(content) > MAX_BYTES:
        raise PolicyError(
            "the policy file is too large",
            where=str(path),
            why="a policy file has at most 1 MiB",
            next_step="Check that it is the right file.",
        )
    return content


def parse(content: bytes, kind: type[T], *, name: str) -> T:
    """
    `content` as a table of `kind`.

    Raises PolicyError with `name` and the place in it for anything that is not UTF-8, not TOML, or not that table.
    """
    import tomllib

    try:
        found = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _not_toml(name, f"byte {error.start} is not UTF-8", "Save the file as UTF-8.") from error
    except (ValueError, RecursionError) as error:  # tomllib lets int() and date() speak for themselves
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise _not_toml(name, why, "Correct that place; docs/policy.md shows an example.") from error
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        why, place = _place(str(error))
        raise PolicyError(
            "the policy file does not have its shape",
            where=f"{name}: {place}",
            why=why,
            next_step="Correct that place; docs/policy.md lists the fields.",
        ) from error


def _not_toml(name: str, why: str, next_step: str) -> PolicyError:
    return PolicyError("the policy file is not TOML", where=name, why=why, next_step=next_step)


def _place(message: str) -> tuple[str, str]:
    """msgspec's message cut into the reason and the place as the file words it: `device_type[0].signed_by`."""
    why, _, path = message.partition(" - at `")
    found = re.search(r"\$\.?(.*)`", path)
    return why, (found[1] if found and found[1] else "top of the file")
