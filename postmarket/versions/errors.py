"""What can be wrong with a version or an identifier."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class VersionsError(PostmarketError):
    """A version, range, purl or CPE name means nothing."""

    code = "versions"


class UnknownVersion(VersionsError):
    """A version cannot be keyed in its scheme; it is unknown, not zero and not infinite."""

    code = "unknown-version"


class InvalidPurl(VersionsError):
    """Not a package URL."""

    code = "invalid-purl"


class InvalidCpe(VersionsError):
    """Not a CPE name."""

    code = "invalid-cpe"
