"""Where the site listens, tried before anything is begun."""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import dataclass
from ipaddress import ip_address

from postmarket.cli.serving.errors import ServeError

LOCAL = ("localhost", "127.0.0.1", "[::1]")
HOSTS = "POSTMARKET_HOSTS"


@dataclass(frozen=True, slots=True)
class Address:
    """A host's name or IP address, and a port."""

    host: str
    port: int

    @property
    def is_everywhere(self) -> bool:
        """Whether it means every address of this machine."""
        return self.host in {"", "0.0.0.0", "::"}  # noqa: S104 - asked about, not bound

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def name(self) -> str:
        """The host as an address in a browser has it."""
        if self.is_everywhere or self.is_local:
            return "localhost"
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def url(self) -> str:
        """What to type into a browser on this machine."""
        return f"http://{self.name}:{self.port}"

    @property
    def dialled(self) -> str:
        """The host as this machine itself reaches it."""
        if self.is_everywhere:
            return "::1" if self.host == "::" else "127.0.0.1"
        return self.host

    def bound(self) -> str:
        """The IP address to listen on. Raises ServeError when there is none, or somebody listens there already."""
        try:
            found = socket.getaddrinfo(self.host or None, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
            # localhost is two addresses where a machine has IPv6; browsers try both.
            family, kind, _, _, place = min(found, key=lambda one: one[0] != socket.AF_INET)
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
        except OSError as error:
            raise self._refused(error) from error
        return str(place[0])

    def allow(self) -> None:
        """Let people ask for the site by the address it was told to listen on, where no setting names others."""
        if not self.is_everywhere and not self.is_local:
            os.environ.setdefault(HOSTS, " ".join((*LOCAL, self.name)))

    def _refused(self, error: OSError) -> ServeError:
        where = f"{self.host or '*'}, port {self.port}"
        if error.errno == errno.EADDRINUSE:
            return ServeError(
                "The port is taken",
                where=where,
                why="another program listens there, perhaps another postmarket",
                next_step="Stop that one, or give another: --port 8001.",
            )
        return ServeError(
            "The site cannot listen there",
            where=where,
            why=error.strerror or str(error),
            next_step="Give an address of this machine with --host, and with --port a port that you may use.",
        )
