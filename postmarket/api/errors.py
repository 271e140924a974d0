"""
What can be wrong with a request of the API.

ApiError
├── WrongRequest     something needed is missing, or is not what it should be
├── NoSuchThing      nothing has this id, or not for this token
├── InTheWay         the thing is in a state in which a machine may not change it
├── TooLarge         more bytes than one upload may have
├── NoLength         a body whose length is not said
└── TooMany          this token asked too often
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class ApiError(PostmarketError):
    """A request of the API cannot be answered as asked."""

    code = "api"


class WrongRequest(ApiError):
    """Something needed is missing, or is not what it should be; `where` names it."""

    code = "api-request"


class NoSuchThing(ApiError):
    """Nothing has this id, or not for this token."""

    code = "api-not-found"


class InTheWay(ApiError):
    """The thing is in a state in which a machine may not change it."""

    code = "api-conflict"


class TooLarge(ApiError):
    """More bytes than one upload may have."""

    code = "api-too-large"


class NoLength(ApiError):
    """A body whose length is not said."""

    code = "api-no-length"


class TooMany(ApiError):
    """This token asked too often; `retry_after` is in seconds."""

    code = "api-too-many"

    def __init__(self, what: str, *, retry_after: int, why: str) -> None:
        super().__init__(what, why=why, next_step=f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after
