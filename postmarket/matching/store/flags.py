"""What a criterion's `flags` column says; the values are stored."""

from __future__ import annotations

from enum import IntFlag


class Flag(IntFlag):
    """Why a criterion in range is not yet a plain match; 0 is a plain one."""

    POSSIBLE = 1
    """The source's words gave no sure range."""
    CONDITION = 2
    """It is part of a configuration that the whole device has to fulfil."""
    PLATFORM = 4
    """It names a platform that only has to be present, not something vulnerable."""
    ATTRIBUTES = 8
    """It narrows the product further: edition, target software, target hardware, …"""
    WITHDRAWN = 16
    """Its source no longer stands by the record."""
    EXACT = 32
    """It names one version."""
    RETIRED = 64
    """The firm holds it to be wrong: it makes no row of its own, and fulfils no condition."""
