"""A process that answers pages settles before the first: no page waits for what can be done before (ADR 91)."""

from __future__ import annotations

import gc


def settle() -> None:
    """
    Import every page, and leave what is there for good out of garbage collection.

    A full collection over all of Django takes 100 ms and more, and falls on whoever asks just then.
    """
    from django.urls import get_resolver

    _ = get_resolver().reverse_dict  # imports the pages of every room
    gc.collect()
    gc.freeze()
