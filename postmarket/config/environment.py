"""Reading settings from environment variables."""

from __future__ import annotations

import os

from postmarket.config.errors import ConfigError

YES = frozenset({"1", "true", "yes", "on"})
MOST_DIGITS = 5
NO = frozenset({"", "0", "false", "no", "off"})


def flag(name: str) -> bool:
    """Whether the variable `name` says yes; unset is no. Raises ConfigError for a word that is neither."""
    word = os.environ.get(name, "").strip().lower()
    if word not in YES | NO:
        raise ConfigError(f"{name} is neither yes nor no: {word!r}", next_step="Set it to 1 or 0.")
    return word in YES


def number(name: str, default: int) -> int:
    """The whole number of the variable `name`, `default` when unset. Raises ConfigError for anything else."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise ConfigError(f"{name} is no whole number: {text[:40]!r}", next_step=f"Set it like {default}.")
    return int(text)


def words(name: str) -> list[str]:
    """The words of the variable `name`, separated by commas or spaces; none when it is unset."""
    return os.environ.get(name, "").replace(",", " ").split()


def time_zone(name: str) -> str:
    """The IANA time zone the variable `name` names, UTC when it is unset. Raises ConfigError for no such zone."""
    from zoneinfo import ZoneInfo

    zone = os.environ.get(name, "").strip() or "UTC"
    try:
        ZoneInfo(zone)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{name} names no time zone: {zone!r}", next_step="Use a name such as Europe/Berlin."
        ) from error
    return zone
