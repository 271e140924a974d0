"""
The vocabulary of fetching: what came, what did not, where to ask, how politely.

The contract of one source:

    def fetch(run: Run) -> Iterator[Fetched | FetchFailed]

Every byte that came is a whole file in the download folder before it is yielded. A `Fetched` counts as taken when
the next item is asked for: a run that dies earlier yields the same file again, from the disk, without a request.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from postmarket import __version__
from postmarket.sources.interface import Source

ADDRESS_PREFIX = "POSTMARKET_FEED_"
"""Environment variables that point a source elsewhere: POSTMARKET_FEED_KEV=https://mirror.example/kev.json."""


class Status(StrEnum):
    """Whether a fetched file holds something not seen before."""

    NEW = "new"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Fetched:
    """
    One file that is whole on disk.

    `sha256` (lower-case hex) is of the file as stored; `fetched_at` is UTC, RFC 3339. `etag` and `last_modified` are
    the server's own words, empty when it gave none. `note` is a sentence for people, empty when there is none.
    """

    source: Source
    url: str
    path: Path
    sha256: str
    fetched_at: str
    status: Status = Status.NEW
    etag: str = ""
    last_modified: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """Something that could not be fetched, why, and what mends it; the rest of the source went on where it could."""

    source: Source
    url: str
    why: str
    next_step: str = ""


OSV_ECOSYSTEMS = (
    "PyPI",
    "Maven",
    "npm",
    "NuGet",
    "Go",
    "crates.io",
    "RubyGems",
    "Packagist",
    "Debian",
    "Ubuntu",
    "Alpine",
    "Red Hat",
    "Rocky Linux",
    "AlmaLinux",
    "SUSE",
    "openSUSE",
    "Linux",
    "Android",
    "GIT",
    "OSS-Fuzz",
)
"""Names as the OSV schema spells them: what device software is made of. Each is one `all.zip` in OSV's bucket."""

CSAF_PROVIDERS = (
    "https://www.cisa.gov/sites/default/files/csaf/provider-metadata.json",
    "https://cert-portal.siemens.com/productcert/csaf/provider-metadata.json",
    "https://msrc.microsoft.com/csaf/provider-metadata.json",
    "https://security.access.redhat.com/data/csaf/v2/provider-metadata.json",
)
"""CISA, Siemens, Microsoft and Red Hat, by the metadata each publishes."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """
    Where to ask. The defaults are the public services; a mirror or an isolated network overrides any of them.

    Base addresses have no slash at the end. `csaf_providers` holds provider-metadata.json addresses or bare domains;
    a domain is looked up through the three templates (CSAF 2.0 §7.1.8–10), `{domain}` standing for it.
    """

    nvd_feeds: str = "https://nvd.nist.gov/feeds/json/cve/2.0"
    nvd_api: str = "https://services.nvd.nist.gov/rest/json/cves/2.0"
    cve_releases: str = "https://api.github.com/repos/CVEProject/cvelistV5/releases"
    kev: str = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
    epss: str = "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"
    osv: str = "https://osv-vulnerabilities.storage.googleapis.com"
    osv_ecosystems: tuple[str, ...] = OSV_ECOSYSTEMS
    csaf_providers: tuple[str, ...] = CSAF_PROVIDERS
    csaf_well_known: str = "https://{domain}/.well-known/csaf/provider-metadata.json"
    csaf_security_txt: tuple[str, ...] = (
        "https://{domain}/.well-known/security.txt",
        "https://{domain}/security.txt",
    )
    csaf_dns: str = "https://csaf.data.security.{domain}"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Endpoints:
        """The public services, each replaced where a POSTMARKET_FEED_… variable names a mirror."""
        public = cls()
        named: dict[str, str] = {}
        for item in fields(cls):
            value = environ.get(f"{ADDRESS_PREFIX}{item.name.upper()}", "").strip()
            if value and isinstance(getattr(public, item.name), str):
                named[item.name] = value.rstrip("/")
        return replace(public, **named)  # type: ignore[arg-type]  # only those that are text


class Progress(Protocol):
    """Told what is going on; it may do nothing. Sizes in bytes, waits in seconds."""

    def fetching(self, url: str, size: int | None) -> None:
        """A body begins to arrive; `size` is what is still to come, None when the server does not say."""

    def received(self, size: int) -> None:
        """`size` more bytes of it came."""

    def waiting(self, seconds: float, why: str) -> None:
        """Nothing is asked for `seconds`, and why."""

    def note(self, line: str) -> None:
        """A sentence a person may want to read."""


class Quiet:
    """A Progress that does nothing."""

    def fetching(self, url: str, size: int | None) -> None:
        """Do nothing."""

    def received(self, size: int) -> None:
        """Do nothing."""

    def waiting(self, seconds: float, why: str) -> None:
        """Do nothing."""

    def note(self, line: str) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """
    How to ask. Times in seconds.

    `attempts` counts the first one too; a host to which no connection was ever made is given up after
    `connect_attempts`. The wait before attempt n+1 is `first_wait * 2**(n-1)`, at most `longest_wait`, lengthened by up
    to a half (`jitter`, 0–1, says how much of it); a server's Retry-After goes before it, and one longer than
    `longest_retry_after` ends the attempts. `clock` is monotonic.
    """

    user_agent: str = f"postmarket/{__version__}"
    nvd_api_key: str = field(default="", repr=False)
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    file_timeout: float = 4 * 3600.0
    attempts: int = 5
    connect_attempts: int = 2
    first_wait: float = 2.0
    longest_wait: float = 60.0
    longest_retry_after: float = 900.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> ClientOptions:
        """The defaults, with the key of NVD's API from the variable NVD_API_KEY when it is set."""
        return cls(nvd_api_key=environ.get("NVD_API_KEY", "").strip())
