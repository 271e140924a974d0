"""
A site of its own inside this process: the demo portfolio as people would bring it there, every device of it copied, and
a client that is signed in. Call `ready` before anything of Django's is imported.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from postmarket.accounts.models import Person

PASSWORD = "a quiet pump beats at night"  # noqa: S105 - of nobody
CHUNK = 500
CASES = 20
MOST_READ = 10_000


def ready(home: str) -> None:
    """Django with an empty database in `home`, settled as a web process is."""
    os.environ |= {"POSTMARKET_HOME": home, "DJANGO_SETTINGS_MODULE": "postmarket.config.settings"}
    import django
    from django.conf import settings
    from django.core.management import call_command

    from postmarket.config.settling import settle

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    settle()


def somebody() -> Person:
    """Who manages the response team."""
    from postmarket.accounts.models import Person, RoleGrant
    from postmarket.accounts.roles import Role

    now = datetime.now(UTC)
    person = Person(email="ana@example.com", name="Ana Reed", invited_at=now, last_login=now)
    person.set_password(PASSWORD)
    person.save()
    for role in (Role.PSIRT_MANAGER, Role.PSIRT_ANALYST):
        RoleGrant.objects.create(person=person, role=role, granted_at=now, why="To measure.")
    return person


def filled(home: Path, copies: int) -> Person:
    """The demo in the site as people would bring it there, and every device of it copied."""
    from django.db import connection

    from postmarket import tasks
    from postmarket.demo import feed_paths, portfolio_path
    from postmarket.inventory.queries.alias_table import current_alias_table
    from postmarket.inventory.services.importing.portfolio import import_portfolio
    from postmarket.inventory.store import store
    from postmarket.matching.rematch import rematch
    from postmarket.matching.store.loading import load
    from postmarket.monitoring.policy import pack_in_force
    from postmarket.monitoring.services.projecting.run import project

    now = datetime.now(UTC)
    for source, paths in feed_paths().items():
        load(store(), source, paths, home=home, clock=lambda: now)
    person = somebody()
    import_portfolio(by=person, path=portfolio_path(), pack=pack_in_force(), why="To measure.", now=now)
    tasks.run_due(now=now)
    rematch(store())
    project(pack=pack_in_force(), aliases=current_alias_table(), now=now)
    for number in range(1, copies):
        _copy(number)
    _open_cases(person, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return person


def _open_cases(by: Person, now: datetime) -> None:
    """A case for each of the worst vulnerabilities, over all device versions each hits."""
    from postmarket.cases.services.opening import open_case
    from postmarket.monitoring.queries.findings import Asked, findings

    worst = dict.fromkeys(row.facts.name for row in findings(by=by, asked=Asked(shipped=True)).cut(0, MOST_READ))
    for name in list(worst)[:CASES]:
        open_case(by=by, vulnerability=name, title=f"{name} may hurt somebody.", why="To measure.", now=now)


def _copy(number: int) -> None:
    """Every device once more, with its versions and what is known of them; what they share stays shared."""
    from postmarket.inventory.models import Component, Device, DeviceVersion, FieldedUnits, Listing, Sbom
    from postmarket.monitoring.models import Judgement, VersionState

    devices = dict(_again(Device, "name", number))
    versions = dict(_again(DeviceVersion, "", number, device_id=devices))
    sboms = dict(_again(Sbom, "", number, version_id=versions))
    for model, links in (
        (Component, {"version_id": versions, "sbom_id": sboms}),
        (Listing, {"version_id": versions}),
        (FieldedUnits, {"version_id": versions}),
        (Judgement, {"version_id": versions}),
    ):
        list(_again(model, "", number, **links))
    states = []
    for state in VersionState.objects.filter(pk__in=versions):
        state.pk = versions[state.pk]
        states.append(state)
    VersionState.objects.bulk_create(states)


def _again(model: type, renamed: str, number: int, **links: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Copies of the first portfolio's rows: the old key and the new one of each."""
    rows = model.objects.order_by("pk")  # type: ignore[attr-defined]
    for name, keys in links.items():
        rows = rows.filter(**{f"{name}__in": keys})
    if not links:
        rows = rows.exclude(name__contains=" no. ")
    olds, copies = [], []
    for row in rows:
        olds.append(row.pk)
        row.pk, row._state.adding = None, True
        if renamed:
            setattr(row, renamed, f"{getattr(row, renamed)} no. {number}")
        for name, keys in links.items():
            if getattr(row, name) is not None:
                setattr(row, name, keys[getattr(row, name)])
        copies.append(row)
    made = model.objects.bulk_create(copies, batch_size=CHUNK)  # type: ignore[attr-defined]
    return zip(olds, (row.pk for row in made), strict=True)


def signed_in(person: Person) -> Client:
    """A client of theirs that asks the site without a network."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client

    TOTP.activate(person, generate_totp_secret())
    client = Client(raise_request_exception=True)
    client.force_login(person)
    return client
