"""Following addresses that somebody else wrote: redirects, feeds, provider metadata."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from postmarket.sources.sync.errors import CannotFetch

_ODD = re.compile(r"[^A-Za-z0-9._+-]+")
_LONGEST_NAME = 120


def follow(base: str, link: str) -> str:
    """
    The absolute address of `link` as found at `base`.

    Raises CannotFetch when it is not http or https, goes from https to http (CSAF 2.0 §7.1.3: the chain of custody
    stays encrypted), or leads from a public server to a private address, which would let a publisher read what only
    our own network can reach. A name that resolves to a private address is not looked up here.
    """
    try:
        there = urlsplit(urljoin(base, link.strip()))
        here = urlsplit(base)
        private = _is_private(there.hostname or "") and not _is_private(here.hostname or "")
    except ValueError as problem:
        raise _refused(base, link, "it is not an address") from problem
    if there.scheme not in ("http", "https") or not there.hostname:
        raise _refused(base, link, "only http and https are followed")
    if here.scheme == "https" and there.scheme != "https":
        raise _refused(base, link, "it leads from https to http")
    if private:
        raise _refused(base, link, "it leads from a public server to a private address")
    return urlunsplit(there._replace(fragment=""))


def checked(url: str) -> str:
    """`url` as a person configured it; raises CannotFetch when it is not an http or https address."""
    return follow(url, url)


def shown(url: str) -> str:
    """`url` for people and records: without user name and password."""
    try:
        parts = urlsplit(url)
        if parts.username is None and parts.password is None:
            return url
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    except ValueError:
        return url


def host(url: str) -> str:
    """Scheme, host name and port of `url`, for "is it the same server"."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def file_name(url: str) -> str:
    """
    The last part of `url`'s path as a safe file name; a short hash is put before it when it had to be changed, so that
    two addresses never share a name by that.
    """
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    safe = _ODD.sub("_", name).lstrip(".")[-_LONGEST_NAME:]
    return safe if safe == name and safe else f"{_short(url)}-{safe}"


def folder_name(url: str) -> str:
    """A folder name for all that stands beside `url` on its server: readable, and different for every such place."""
    parts: SplitResult = urlsplit(url)
    place = f"{host(url)}{parts.path.rpartition('/')[0]}?{parts.query}"
    readable = _ODD.sub("-", f"{parts.hostname}{parts.path.rpartition('/')[0]}").strip("-.")[-_LONGEST_NAME:]
    return f"{readable}-{_short(place)}"


def path_part(name: str) -> str:
    """`name` as one part of an address's path."""
    return quote(name, safe="")


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _is_private(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return not ipaddress.ip_address(name.partition("%")[0]).is_global
    except ValueError:
        return False


def _refused(base: str, link: str, why: str) -> CannotFetch:
    return CannotFetch(
        f"the link to {shown(link)[:300]!r} is not followed",
        where=shown(base),
        why=why,
        next_step="If the link is right, give its address yourself instead of the one that led to it.",
    )
