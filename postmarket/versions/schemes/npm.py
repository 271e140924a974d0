"""
npm: node-semver in its loose mode (https://github.com/npm/node-semver#versions), the order of semver 2.0 §11.

Loose takes `=v1.2.3` and a pre-release without its hyphen (`1.2.3beta`).
"""

from __future__ import annotations

import re

from postmarket.versions.schemes import semver

_GLUED = re.compile(r"^([0-9]+(?:\.[0-9]+)*)(?=[A-Za-z])")


def key(text: str) -> bytes | None:
    """The key of an npm version, or None."""
    return semver.key_of_parts(_GLUED.sub(r"\1-", text.lstrip("=vV ")))
