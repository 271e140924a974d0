"""The rows of this app; `services` alone writes them."""

from __future__ import annotations

from postmarket.accounts.models.attempts import Attempts, Door
from postmarket.accounts.models.calendar_address import CalendarAddress
from postmarket.accounts.models.ceremony import Ceremony
from postmarket.accounts.models.device_line import DeviceLine
from postmarket.accounts.models.link import Link, Purpose
from postmarket.accounts.models.person import Person
from postmarket.accounts.models.role_grant import RoleGrant
from postmarket.accounts.models.spent_code import SpentCode
from postmarket.accounts.models.token import ApiToken

__all__ = [
    "ApiToken",
    "Attempts",
    "CalendarAddress",
    "Ceremony",
    "DeviceLine",
    "Door",
    "Link",
    "Person",
    "Purpose",
    "RoleGrant",
    "SpentCode",
]
