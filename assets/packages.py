"""One npm package as its registry published it: fetched, held against its recorded integrity, opened in memory."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

import httpx

REGISTRY = "https://registry.npmjs.org"
PINS = Path(__file__).with_name("pins.toml")
TIMEOUT_SECONDS = 120


class WrongPackage(Exception):
    """A tarball is not the one that was pinned, or lacks a file it should have."""


@dataclass(frozen=True)
class Pin:
    """Which package, which version, and the hash its tarball has."""

    package: str
    version: str
    integrity: str
    license: str

    @property
    def url(self) -> str:
        """Where the registry keeps the tarball."""
        short = self.package.rpartition("/")[2]
        return f"{REGISTRY}/{self.package}/-/{short}-{self.version}.tgz"


@dataclass(frozen=True)
class Package:
    """A package's files by their path inside it."""

    pin: Pin
    files: dict[str, bytes]

    def __getitem__(self, path: str) -> bytes:
        """The file at `path`. Raises WrongPackage when there is none."""
        try:
            return self.files[f"package/{path}"]
        except KeyError:
            raise WrongPackage(f"{self.pin.package} {self.pin.version} has no {path}") from None


def pins() -> dict[str, Pin]:
    """Every pinned package, by our short name for it."""
    return {name: Pin(**entry) for name, entry in tomllib.loads(PINS.read_text(encoding="utf-8")).items()}


def fetched(pin: Pin) -> Package:
    """The package as pinned. Raises WrongPackage for other bytes, httpx.HTTPError without a network."""
    response = httpx.get(pin.url, timeout=TIMEOUT_SECONDS, follow_redirects=True).raise_for_status()
    digest = base64.b64encode(hashlib.sha512(response.content).digest()).decode()
    if f"sha512-{digest}" != pin.integrity:
        raise WrongPackage(f"{pin.url} is not what was pinned: it has sha512-{digest}")
    with tarfile.open(fileobj=io.BytesIO(response.content), mode="r:gz") as archive:
        return Package(pin, {m.name: file.read() for m in archive if m.isfile() and (file := archive.extractfile(m))})
