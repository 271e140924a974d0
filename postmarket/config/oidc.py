"""
Single sign-on: OpenID Connect providers, from `oidc.toml` in the home or from the environment.

    [[provider]]
    id = "entra"                                  # part of the callback's address
    name = "Example Medical"                      # on the button
    issuer = "https://login.example.com/tenant"
    client_id = "…"
    client_secret = "…"
    second_factor = true                          # the provider asks for one, so the site need not
    domains = ["example.com"]                     # who may come uninvited, with a role below
    roles_claim = "groups"
    [provider.roles]
    "psirt-analysts" = "psirt-analyst"
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postmarket.config.errors import ConfigError

FILE = "oidc.toml"
FIELDS = frozenset(
    {"id", "name", "issuer", "client_id", "client_secret", "second_factor", "domains", "roles_claim", "roles"}
)
NEEDED = ("id", "name", "issuer", "client_id", "client_secret")


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. `roles` maps a value of `roles_claim` to a role; without `domains` nobody comes uninvited."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    second_factor: bool = False
    domains: tuple[str, ...] = ()
    roles_claim: str = "groups"
    roles: Mapping[str, str] = field(default_factory=dict)


def providers(home: Path) -> tuple[Provider, ...]:
    """The providers of `oidc.toml` in `home`, then that of POSTMARKET_OIDC_*. Raises ConfigError."""
    found = _from_file(home / FILE)
    issuer = os.environ.get("POSTMARKET_OIDC_ISSUER")
    if issuer:
        given = {
            "id": "sso",
            "name": os.environ.get("POSTMARKET_OIDC_NAME", "Single sign-on"),
            "issuer": issuer,
            "client_id": os.environ.get("POSTMARKET_OIDC_CLIENT_ID", ""),
            "client_secret": os.environ.get("POSTMARKET_OIDC_CLIENT_SECRET", ""),
        }
        found = (*found, _provider(given, where="POSTMARKET_OIDC_ISSUER"))
    if len({one.id for one in found}) < len(found):
        raise ConfigError("Two providers share one id", where=FILE, next_step="Give each its own id.")
    return found


def allauth_apps(found: tuple[Provider, ...]) -> list[dict[str, Any]]:
    """The providers as allauth wants them in SOCIALACCOUNT_PROVIDERS."""
    return [
        {
            "provider_id": one.id,
            "name": one.name,
            "client_id": one.client_id,
            "secret": one.client_secret,
            "settings": {"server_url": one.issuer, "oauth_pkce_enabled": True},
        }
        for one in found
    ]


def _from_file(path: Path) -> tuple[Provider, ...]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            "The single sign-on providers cannot be read",
            where=str(path),
            why=str(error).splitlines()[0],
            next_step="Mend the file; docs/accounts.md shows one.",
        ) from error
    tables = content.get("provider", [])
    if not isinstance(tables, list) or set(content) - {"provider"}:
        raise ConfigError(
            "Something here is no provider", where=str(path), next_step="Begin each provider with [[provider]]."
        )
    return tuple(_provider(table, where=f"{path}: provider {number}") for number, table in enumerate(tables, 1))


def _provider(table: Any, *, where: str) -> Provider:
    wrong = _what_is_wrong(table)
    if wrong:
        raise ConfigError("A provider cannot be used", where=where, why=wrong, next_step="See docs/accounts.md.")
    return Provider(
        id=table["id"],
        name=table["name"],
        issuer=table["issuer"].rstrip("/"),
        client_id=table["client_id"],
        client_secret=table["client_secret"],
        second_factor=table.get("second_factor", False),
        domains=tuple(domain.lower() for domain in table.get("domains", [])),
        roles_claim=table.get("roles_claim", "groups"),
        roles=table.get("roles", {}),
    )


def _what_is_wrong(table: Any) -> str:
    """The first thing wrong, in words without values: one may be a secret."""
    if not isinstance(table, dict):
        return "it is no table"
    unknown = sorted(set(table) - FIELDS)
    missing = [name for name in NEEDED if not isinstance(table.get(name), str) or not table[name].strip()]
    checks = {
        f"{', '.join(missing)} is missing": bool(missing),
        f"{', '.join(unknown)} is unknown": bool(unknown),
        "id has other than letters, digits and hyphens": not re.fullmatch(r"[A-Za-z0-9-]{1,32}", str(table.get("id"))),
        "issuer does not begin with https://": not str(table.get("issuer")).startswith("https://"),
        "second_factor is neither true nor false": not isinstance(table.get("second_factor", False), bool),
        "roles_claim is no word": not isinstance(table.get("roles_claim", "groups"), str),
        "domains is no list of words": not _are_words(table.get("domains", [])),
        "roles is no table of words": not isinstance(table.get("roles", {}), dict)
        or not _are_words(list(table.get("roles", {}).values())),
    }
    return next((words for words, is_so in checks.items() if is_so), "")


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word for word in value)
