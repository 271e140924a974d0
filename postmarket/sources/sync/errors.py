"""What can go wrong while fetching; every message names the address and what to do next."""

from __future__ import annotations

from postmarket.sources.errors import SourceError


class CannotFetch(SourceError):
    """An address did not give what was asked for; `where` is the address."""

    code = "fetch"

    def but(self, *, why: str = "", next_step: str = "") -> CannotFetch:
        """The same failure with another reason or next step."""
        return type(self)(self.what, where=self.where, why=why or self.why, next_step=next_step or self.next_step)


class NotThere(CannotFetch):
    """The server answered that there is nothing at this address (404 or 410)."""

    code = "fetch-not-there"


class Unreachable(CannotFetch):
    """No connection to the host could be made: no name, no route, nobody listening, or a proxy in the way."""

    code = "fetch-unreachable"


class HashDiffers(CannotFetch):
    """The file that came is not the one whose hash is published; it is not used."""

    code = "fetch-hash"


class StateError(SourceError):
    """The file that remembers what was fetched cannot be used."""

    code = "sync-state"


class SyncBusy(StateError):
    """Another process syncs into the same folder now."""

    code = "sync-busy"
