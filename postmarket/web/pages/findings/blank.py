"""Why no finding is there: before that is called calm, something must have been looked at."""

from __future__ import annotations

from postmarket.web.components.text import counted_words

NO_DEVICE = "No device is here yet."
NO_DATA = "No vulnerability data has come in yet, so nothing can be found."


def to_match(versions: int) -> str:
    """What nobody can say yet of versions that wait to be matched; empty for none."""
    if not versions:
        return ""
    one = versions == 1
    waits = f"{counted_words(versions, 'version')} {'waits' if one else 'wait'} to be matched"
    return f"{waits}: what threatens {'it' if one else 'them'} is not known yet."


def why_nothing(*, versions: int, loaded: bool, judging: int) -> str:
    """The reason in a sentence; empty when everything was looked at, and there is nothing."""
    if not versions:
        return NO_DEVICE
    return to_match(judging) if loaded else NO_DATA
