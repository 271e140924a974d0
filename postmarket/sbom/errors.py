"""What can be wrong with an SBOM."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class SbomError(PostmarketError):
    """A file cannot be read as an SBOM."""

    code = "sbom"
