"""
Fetching an address that a person gave: conditionally, within limits, and never from our own network.

A feed's server may answer with a redirect, and a name may resolve to an address of ours: either would have the site
read what only it can reach, and show it. So each host is resolved here, every one of its addresses must be public, and
the connection goes to the address that was looked at, not to one that a second look-up gives. `private_hosts` names the
exceptions. Where the environment names a proxy every other request goes through it, whatever NO_PROXY says: then the
proxy's own rules decide what can be reached.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast
from urllib.request import getproxies

import httpx

from postmarket.sources.sync.client import Client
from postmarket.sources.sync.errors import CannotFetch
from postmarket.sources.sync.interface import Quiet
from postmarket.sources.sync.links import shown

if TYPE_CHECKING:
    from postmarket.sources.sync.interface import ClientOptions

MOST_BYTES = 5 * 2**20
ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9"
OK, NOT_MODIFIED = 200, 304


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave; `content` is None when it says that nothing changed."""

    content: bytes | None
    etag: str = ""
    last_modified: str = ""


class PublicOnly(httpx.BaseTransport):
    """Connects to public addresses alone; a host of `private_hosts` may be anywhere."""

    def __init__(self, private_hosts: Collection[str]) -> None:
        self._private = frozenset(host.lower() for host in private_hosts)
        self._http = httpx.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it to the address its host has now. Raises CannotFetch for one that is not public."""
        host = request.url.host
        if host.lower() not in self._private:
            address = _public_address(host, request.url.port or (443 if request.url.scheme == "https" else 80))
            request = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,  # with the Host that was asked for
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
        return self._http.handle_request(request)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()


def fetch(
    url: str,
    *,
    options: ClientOptions,
    now: datetime,
    etag: str = "",
    last_modified: str = "",
    private_hosts: Collection[str] = (),
) -> Answer:
    """
    What `url` says now, if it changed since `etag` and `last_modified`; at most 5 MiB, after at most five redirects.

    `now` is UTC. Raises CannotFetch, whose `where` is the address and which says what to do.
    """
    headers = {"Accept": ACCEPT}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    directly = PublicOnly(private_hosts)
    with Client(
        options, now=now, progress=Quiet(), transport=directly, mounts=_proxies(directly, private_hosts)
    ) as client:

        def once() -> Answer:
            with client.answer(url, headers=headers, accept=frozenset({OK, NOT_MODIFIED})) as response:
                if response.status_code == NOT_MODIFIED:
                    return Answer(None, etag, last_modified)
                parts, size = [], 0
                for chunk in response.iter_bytes():
                    size += len(chunk)
                    client.check_size(url, size, MOST_BYTES)
                    parts.append(chunk)
                said = response.headers
                return Answer(b"".join(parts), said.get("etag", "")[:500], said.get("last-modified", "")[:100])

        return client.patiently(url, once)


def _proxies(directly: PublicOnly, private_hosts: Collection[str]) -> dict[str, httpx.BaseTransport]:
    """By pattern of address: through the environment's proxies, but for hosts of our own network."""
    named = {scheme: proxy for scheme, proxy in getproxies().items() if scheme in {"http", "https"}}
    if not named:
        return {}
    through: dict[str, httpx.BaseTransport] = {
        f"{scheme}://": httpx.HTTPTransport(proxy=proxy, trust_env=False) for scheme, proxy in named.items()
    }
    return through | {f"all://{host}": directly for host in private_hosts}


def _public_address(host: str, port: int) -> str:
    """One address of `host`, all of which are public. Raises CannotFetch; OSError becomes httpx.ConnectError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"{host} has no address: {error}") from error
    addresses = [cast("str", place[0]).partition("%")[0] for *_, place in found]
    private = [address for address in addresses if not _is_public(address)]
    if private or not addresses:
        raise CannotFetch(
            "the address is in a private network",
            where=shown(host),
            why=f"{host} is {', '.join(sorted(set(private)))[:200]}",
            next_step="If it is a feed on your own network, name its host in POSTMARKET_WATCH_HOSTS.",
        )
    return addresses[0]


def _is_public(address: str) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(known, "ipv4_mapped", None)
    return (mapped or known).is_global and not known.is_multicast
