"""A payload as text in the database, and back."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from postmarket.tasks.errors import WrongPayload
from postmarket.tasks.registry import Kind

MOST_BYTES = 64 * 1024


def encode(kind: Kind, payload: msgspec.Struct | Mapping[str, object]) -> str:
    """
    `payload` as JSON that the kind's Struct can read back.

    A room above the handler's may give a mapping, since it cannot import the Struct. Raises WrongPayload when it
    does not fit, or is more than 64 KiB: keep large things as evidence and give their hash.
    """
    try:
        fitting = msgspec.convert(msgspec.to_builtins(payload), kind.payload)
        content = msgspec.json.encode(fitting)
    except (msgspec.ValidationError, TypeError, UnicodeEncodeError) as error:
        raise _wrong(kind, str(error)) from error
    if len(content) > MOST_BYTES:
        raise _wrong(kind, f"{len(content)} bytes are more than {MOST_BYTES}")
    return content.decode()


def decode(kind: Kind, content: str) -> msgspec.Struct:
    """The payload that was kept as `content`. Raises WrongPayload when the kind's Struct has changed too much since."""
    try:
        return msgspec.json.decode(content, type=kind.payload)
    except msgspec.DecodeError as error:
        raise _wrong(kind, str(error)) from error


def _wrong(kind: Kind, why: str) -> WrongPayload:
    return WrongPayload(
        f"The payload does not fit {kind.name}",
        why=why,
        next_step=f"Give what {kind.payload.__name__} says; drop the task if an older postmarket left it.",
    )
