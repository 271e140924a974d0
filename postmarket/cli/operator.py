"""Who runs a command: by the operating system's word, not by what the environment says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postmarket.accounts.authority import Operator


def operator() -> Operator:
    """The user this process runs as (docs/adr/0070); by number where the system has no name for them."""
    from postmarket.accounts.authority import Operator

    return Operator(login())


def login() -> str:
    """The name of the user this process runs as."""
    try:
        import pwd
    except ImportError:  # Windows has no user ids
        import getpass

        return getpass.getuser()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
