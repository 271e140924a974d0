"""Every exit code, in one place; docs/cli.md is checked against it."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a command's exit code says."""

    OK = 0
    """Done."""
    RULE = 1
    """A --fail-on rule holds, or an SBOM lacks something its profile demands."""
    USAGE = 2
    """The command was not understood."""
    PARTLY = 3
    """Some inputs could not be read; the others went on."""
    NOTHING_MATCHED = 4
    """No component could be identified: an empty worklist means nothing here."""
    FAILED = 5
    """Nothing was done; the message says why."""
    ALTERED = 6
    """The records are not whole; each finding is on a line of its own."""
    DEFECT = 70
    """Something postmarket did not foresee: a defect of its own, worth reporting."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C; what was loaded before is untouched."""
