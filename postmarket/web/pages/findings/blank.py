"""Why no finding is there: before that is called calm, something must have been looked at."""

from __future__ import annotations

from postmarket.accounts.models import Person
from postmarket.inventory.models import Device
from postmarket.inventory.queries.scope import readable
from postmarket.web.components.text import counted_words

NO_DEVICE = "No device is here yet."
NONE_SHIPPED = "No version is shipped yet."
NO_DATA = "No vulnerability data has come in yet, so nothing can be found."


def to_match(versions: int) -> str:
    """What nobody can say yet of versions that wait to be matched; empty for none."""
    if not versions:
        return ""
    one = versions == 1
    waits = f"{counted_words(versions, 'version')} {'waits' if one else 'wait'} to be matched"
    return f"{waits}: what threatens {'it' if one else 'them'} is not known yet."


def why_nothing(by: Person, *, shipped: int, loaded: bool, judging: int) -> str:
    """The reason in a sentence, of `shipped` versions; empty when everything was looked at, and there is nothing."""
    if not shipped:
        return NONE_SHIPPED if any_device(by) else NO_DEVICE
    return to_match(judging) if loaded else NO_DATA


def any_device(by: Person) -> bool:
    """Whether they may read any device."""
    return Device.objects.filter(readable(by)).exists()
