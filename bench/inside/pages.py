"""
The pages over the demo portfolio × 100: `python -m bench.inside.pages COPIES`, in a new home.

Inside the time: a request through every middleware, view and template to the last byte of the answer. Outside: the
network, and the browser.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from postmarket.accounts.models import Person

REQUESTS = 20
PASSWORD = "a quiet pump beats at night"  # noqa: S105 - of nobody
CHUNK = 500


def main(copies: int) -> dict[str, object]:
    """For each page the 95th percentile in milliseconds, and how many findings there are."""
    with tempfile.TemporaryDirectory(prefix="postmarket-pages-") as home:
        os.environ |= {"POSTMARKET_HOME": home, "DJANGO_SETTINGS_MODULE": "postmarket.config.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        person = _filled(Path(home), copies)
        from postmarket.monitoring.queries.findings import findings

        count = findings(by=person).count()
        return {"findings": count, "milliseconds": dict(_timed(_signed_in(person)))}


def _filled(home: Path, copies: int) -> Person:
    """The demo in the site as people would bring it there, and every device of it copied."""
    from django.conf import settings
    from django.db import connection

    from postmarket import tasks
    from postmarket.accounts.models import Person, RoleGrant
    from postmarket.accounts.roles import Role
    from postmarket.demo import feed_paths, portfolio_path
    from postmarket.inventory.queries.alias_table import current_alias_table
    from postmarket.inventory.services.importing.portfolio import import_portfolio
    from postmarket.inventory.store import store
    from postmarket.matching.rematch import rematch
    from postmarket.matching.store.loading import load
    from postmarket.monitoring.policy import pack_in_force
    from postmarket.monitoring.services.projecting.run import project

    now = datetime.now(UTC)
    settings.ALLOWED_HOSTS = ["testserver"]
    for source, paths in feed_paths().items():
        load(store(), source, paths, home=home, clock=lambda: now)
    person = Person(email="ana@example.com", name="Ana Reed", invited_at=now, last_login=now)
    person.set_password(PASSWORD)
    person.save()
    for role in (Role.PSIRT_MANAGER, Role.PSIRT_ANALYST):
        RoleGrant.objects.create(person=person, role=role, granted_at=now, why="To measure pages.")
    import_portfolio(by=person, path=portfolio_path(), pack=pack_in_force(), why="To measure pages.", now=now)
    tasks.run_due(now=now)
    rematch(store())
    project(pack=pack_in_force(), aliases=current_alias_table(), now=now)
    for number in range(1, copies):
        _copy(number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return person


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


def _signed_in(person: Person) -> Client:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client

    TOTP.activate(person, generate_totp_secret())
    client = Client(raise_request_exception=True)
    client.force_login(person)
    return client


def _timed(client: Client) -> Iterator[tuple[str, float]]:
    from postmarket.inventory.models import Device, DeviceVersion

    pages = {
        "Today": "/",
        "triage": "/triage/",
        "triage, exploited": "/triage/?kev=yes",
        "triage, a word": "/triage/?q=openssl",
        "triage, one device": f"/triage/?device={Device.objects.order_by('-pk').values_list('pk', flat=True)[0]}",
        "vulnerabilities": "/vulnerabilities/",
        "a vulnerability": "/vulnerabilities/CVE-2024-1086/",
        "a device version": f"/versions/{DeviceVersion.objects.order_by('-pk').values_list('pk', flat=True)[0]}/",
        "search": "/search/?q=openssl",
        "devices": "/devices/",
        "components": "/components/",
    }
    for name, path in pages.items():
        times = []
        for _ in range(REQUESTS + 1):
            begun = time.perf_counter()
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)
            assert answer.content
            times.append((time.perf_counter() - begun) * 1000)
        yield name, quantiles(times[1:], n=20)[-1]  # the first compiles the template


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
