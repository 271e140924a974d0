"""Finding and reading a provider-metadata.json (CSAF 2.0 §7.1.7–10, §7.3.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.sync.errors import CannotFetch
from postmarket.sources.sync.links import follow, shown
from postmarket.sources.sync.run import MIB

if TYPE_CHECKING:
    from postmarket.sources.sync.run import Run

_METADATA_BYTES = 16 * MIB
_SECURITY_TXT_BYTES = 1 * MIB
_CSAF_FIELD = re.compile(r"^csaf:[ \t]*(\S+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_NEEDS_ACCESS = ("AMBER", "RED")


@dataclass(frozen=True, slots=True)
class Distribution:
    """
    Where documents are listed: ROLIE feeds, else a directory (its address ends with a slash).

    The addresses are as the metadata at `base` writes them, not followed yet.
    """

    base: str
    feeds: tuple[str, ...] = ()
    directory: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """One provider, as far as fetching needs it."""

    url: str
    distributions: tuple[Distribution, ...]


class _Feed(msgspec.Struct, frozen=True):
    url: str
    tlp_label: str = ""


class _Rolie(msgspec.Struct, frozen=True):
    feeds: tuple[_Feed, ...] = ()


class _Directory(msgspec.Struct, frozen=True):
    """CSAF 2.1's form of a directory."""

    url: str
    tlp_label: str = ""


class _Distribution(msgspec.Struct, frozen=True):
    directory_url: str = ""
    directory: _Directory | None = None
    rolie: _Rolie | None = None


class _Document(msgspec.Struct, frozen=True):
    canonical_url: str
    publisher: msgspec.Raw
    distributions: tuple[_Distribution, ...] = ()


def find_metadata(run: Run, provider: str) -> list[Metadata]:
    """
    The metadata of `provider`: an address (http or https), or a domain, which is looked up at its well-known address
    and in its security.txt, and only when both give nothing at its DNS path. security.txt may name several.

    Raises CannotFetch when there is none, naming every address that was tried.
    """
    if "://" in provider:
        return [_read(run, provider)]
    if not _DOMAIN.fullmatch(provider):
        raise CannotFetch(
            "this is neither an address nor a domain",
            where=provider,
            why="a provider-metadata.json address or a domain name is expected",
            next_step="Correct the list of CSAF providers.",
        )
    candidates = [run.endpoints.csaf_well_known.format(domain=provider), *_from_security_txt(run, provider)]
    found, failures = _readable(run, candidates)
    if not found:
        found, more = _readable(run, [run.endpoints.csaf_dns.format(domain=provider)])
        failures.extend(more)
    if not found:
        raise CannotFetch(
            "no CSAF provider was found",
            where=provider,
            why="; ".join(f"{problem.where}: {problem.why or problem.what}" for problem in failures),
            next_step="Give the address of its provider-metadata.json.",
        )
    return found


def _readable(run: Run, candidates: list[str]) -> tuple[list[Metadata], list[CannotFetch]]:
    found: list[Metadata] = []
    failures: list[CannotFetch] = []
    for url in dict.fromkeys(candidates):
        try:
            metadata = _read(run, url)
        except CannotFetch as problem:
            failures.append(problem)
            continue
        found.append(metadata)
    return found, failures


def _from_security_txt(run: Run, domain: str) -> list[str]:
    for template in run.endpoints.csaf_security_txt:
        url = template.format(domain=domain)
        try:
            text = run.client.get(url, limit=_SECURITY_TXT_BYTES).decode("utf-8", "replace")
        except CannotFetch:
            continue
        return [link for link in _CSAF_FIELD.findall(text) if _may_follow(url, link)]
    return []


def _may_follow(url: str, link: str) -> bool:
    try:
        follow(url, link)
    except CannotFetch:
        return False
    return True


def _read(run: Run, url: str) -> Metadata:
    content = run.client.get(url, limit=_METADATA_BYTES)
    try:
        document = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise CannotFetch(
            "this is no provider-metadata.json",
            where=shown(url),
            why=str(problem),
            next_step="Check the address; CSAF 2.0 §7.1.7 says what stands there.",
        ) from problem
    distributions = [_distribution(run, url, entry) for entry in document.distributions]
    # Publishers who name no distribution keep their documents beside the metadata.
    return Metadata(url, tuple(distributions) or (Distribution(url, directory="./"),))


def _distribution(run: Run, url: str, entry: _Distribution) -> Distribution:
    feeds: list[str] = []
    for feed in entry.rolie.feeds if entry.rolie else ():
        if feed.tlp_label.upper().startswith(_NEEDS_ACCESS):
            run.progress.note(f"{shown(feed.url)} is TLP:{feed.tlp_label} and needs access rights: not asked for.")
        else:
            feeds.append(feed.url)
    directory = entry.directory_url or (entry.directory.url if entry.directory else "")
    if entry.rolie and entry.rolie.feeds:
        # §7.3.2: where both are present, ROLIE is preferred.
        return Distribution(url, feeds=tuple(feeds))
    return Distribution(url, directory=directory.rstrip("/") + "/" if directory else "")
