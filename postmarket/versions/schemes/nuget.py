"""
NuGet (https://learn.microsoft.com/nuget/concepts/package-versioning): semver 2.0 with a fourth number, `1.0` equal to
`1.0.0.0`, pre-release labels compared without case, build metadata ignored.
"""

from __future__ import annotations

from postmarket.versions.schemes import semver


def key(text: str) -> bytes | None:
    """The key of a NuGet version, or None."""
    return semver.key(text.lower())
