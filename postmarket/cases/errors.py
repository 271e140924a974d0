"""
What can be wrong in cases.

CasesError
├── CaseNotFound      a case, or something in one, that is not there, or not for this person to see
├── CaseExists        an open case is about this already
├── NothingToOpen     nothing shipped is hit: there is no case and no clock
├── InvalidCase       a field of a case, task, comment or link cannot be right
├── InvalidEvent      a start event that cannot be right
├── NotYet            a step of a case that something is missing for; it says what
├── NotSent           a letter that the mail server did not take
├── WrongStep         a step that does not lead there from where the case stands
└── WrongClock        a clock that cannot be paused, resumed or stopped like this
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from postmarket.errors import PostmarketError

if TYPE_CHECKING:
    from postmarket.cases.hooks import Missing


class CasesError(PostmarketError):
    """Something is wrong in cases."""

    code = "cases"


class CaseNotFound(CasesError):
    """There is no such case, or it is not for this person to see: which of them is not said."""

    code = "case-not-found"


class CaseExists(CasesError):
    """An open case is about this already; `number` is its number."""

    code = "case-exists"

    def __init__(self, what: str, *, number: str, next_step: str) -> None:
        super().__init__(what, where=number, next_step=next_step)
        self.number = number


class NothingToOpen(CasesError):
    """Nothing shipped is hit."""

    code = "nothing-to-open"


class InvalidCase(CasesError):
    """A field cannot be right; `where` names it."""

    code = "invalid-case"


class InvalidEvent(CasesError):
    """A start event cannot be right; `where` names the field."""

    code = "invalid-start-event"


class NotYet(CasesError):
    """Something is missing for this step; `missing` says what, one by one."""

    code = "not-yet"

    def __init__(self, what: str, *, missing: Sequence[Missing]) -> None:
        super().__init__(what, why="; ".join(one.what for one in missing), next_step=missing[0].next_step)
        self.missing = tuple(missing)


class WrongStep(CasesError):
    """A step that does not lead there from where the case stands."""

    code = "wrong-step"


class NotSent(CasesError):
    """The mail server did not take a letter."""

    code = "not-sent"


class WrongClock(CasesError):
    """A clock cannot be paused, resumed or stopped like this."""

    code = "wrong-clock"
