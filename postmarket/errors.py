"""
The root of every error a person may see.

PostmarketError
├── untrusted.errors.UntrustedInput     a file from outside cannot be read safely
├── sbom.errors.SbomError               an SBOM cannot be read as one
├── sources.errors.SourceError          a feed cannot be read or fetched
├── versions.errors.VersionsError       a version, purl or CPE means nothing in its scheme
├── matching.errors.StoreError          the vulnerability store cannot be used
├── documents.errors.DocumentError      an advisory or VEX document cannot be read as one
├── scoring.errors.ScoringError         a vector or score is not one
├── policy.errors.PolicyError           a policy pack, rule or clock input is wrong
├── backup.errors.BackupError           a backup cannot be made or restored
└── worklist.errors.WorklistError       a portfolio file or a --fail-on rule is wrong

Rooms raise their own kind; only `cli` (later `api` and `web`) prints them, and none rewords them.
"""

from __future__ import annotations


class PostmarketError(Exception):
    """
    Something went wrong that a person can act on.

    `what` failed, `where` (file, then the place in it), `why`, and the `next_step` that mends it: each one
    sentence without a line break, so that the whole error is one clear line.
    `code` is stable and may be searched for in the documentation.
    """

    code = "postmarket"

    def __init__(self, what: str, *, where: str = "", why: str = "", next_step: str = "") -> None:
        self.what = what
        self.where = where
        self.why = why
        self.next_step = next_step
        super().__init__(self.line())

    def line(self) -> str:
        """The error as one line: `where: what: why. next step`, control characters made visible."""
        return self._with_next_step(self.where, self.what, self.why)

    def reason(self) -> str:
        """The line without `where`, for a list that names the place in a column of its own."""
        return self._with_next_step(self.what, self.why)

    def _with_next_step(self, *parts: str) -> str:
        head = ": ".join(part for part in parts if part)
        if self.next_step:
            head = f"{head.rstrip('.')}. {self.next_step}"
        return visible(head)

    def at(self, place: str) -> PostmarketError:
        """The same error with `place` (the file, say) put before where it already points. Returns itself."""
        self.where = f"{place}: {self.where}" if self.where else place
        self.args = (self.line(),)
        return self


def visible(text: str) -> str:
    """`text` with every control character escaped: a hostile file name cannot move the terminal's cursor."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
