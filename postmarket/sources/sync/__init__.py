"""
Fetching feeds from the network: what to ask for, when, politely and resumably.

The files land in a folder and are then read like any file a person put there. Nothing here reads what they say.
"""

from postmarket.sources.sync.errors import StateError, SyncBusy
from postmarket.sources.sync.interface import ClientOptions, Endpoints, Fetched, FetchFailed, Progress, Quiet, Status
from postmarket.sources.sync.service import sync
from postmarket.sources.sync.state import SyncState

__all__ = [
    "ClientOptions",
    "Endpoints",
    "FetchFailed",
    "Fetched",
    "Progress",
    "Quiet",
    "StateError",
    "Status",
    "SyncBusy",
    "SyncState",
    "sync",
]
