"""The address of static files: it holds a fingerprint of them, so that a browser may keep each for ever."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOMS = Path(__file__).parents[1]
LENGTH = 12
OTHERS = ("django", "django-allauth", "django-ninja")
"""Packages that bring static files of their own."""


def static_url() -> str:
    """`static/<fingerprint>/`: changes when any served file changes; served straight from the installed packages."""
    digest = hashlib.sha256()
    for path in sorted(ROOMS.glob("*/static/**/*")):
        if path.is_file():
            digest.update(path.relative_to(ROOMS).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for package in OTHERS:
        digest.update(f"{package} {_version(package)}\0".encode())
    return f"static/{digest.hexdigest()[:LENGTH]}/"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
