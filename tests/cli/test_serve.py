"""`postmarket serve`: the site as a process, on both engines; where it listens, its worker, how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from postmarket.cli.serving.address import Address
from postmarket.cli.serving.errors import ServeError
from tests.cli.serving import PATIENCE_SECONDS, Serving, environment, free_port, inside, is_free, ran, serving, until

ENQUEUE = """
from datetime import UTC, datetime
from postmarket import tasks
now = datetime.now(UTC)
print(tasks.enqueue("tasks.forget", tasks.Tick(at=now), key={key!r}, now=now).pk)
"""
STATE = """
from postmarket.tasks.models import Task
ended = Task.objects.filter(pk={number}).exclude(state__in=("waiting", "running"))
print(ended.values_list("state", flat=True).first() or "")
"""
WORKERS = """
from postmarket.tasks.models import Worker
print(*Worker.objects.values_list("name", flat=True))
"""


@pytest.fixture
def site(store_address: str, tmp_path: Path) -> dict[str, str]:
    """The environment of a site on an empty database."""
    return environment(tmp_path / "home", store_address)


@pytest.fixture
def served(site: dict[str, str]) -> Iterator[Serving]:
    """It, served and ready."""
    with serving(site) as found:
        found.line("postmarket: http")
        yield found


def embedded(site: dict[str, str]) -> bool:
    """Whether the database is the embedded one."""
    return site["DATABASE_URL"].startswith("sqlite")


def test_it_makes_its_tables_says_where_it_is_and_answers(served: Serving, site: dict[str, str]) -> None:
    """From an empty database, both the system of record's tables and the vulnerability store's."""
    status, body = served.get("/healthz")

    assert f"http://localhost:{served.port} (" in served.line("postmarket: http")
    assert (status, json.loads(body)["migrations"]) == (200, "applied")
    assert served.get("/nowhere")[0] in {302, 404}
    assert inside(
        site, "from django.db import connection; print('store_state' in connection.introspection.table_names())"
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_in_good_order(served: Serving, site: dict[str, str], number: int) -> None:
    """Exit 0, its last line, nobody listens, its worker signed off."""
    assert served.end(number) == 0
    assert served.line_when_ended() == "Stopped."
    assert is_free(served.port)
    assert inside(site, WORKERS) == ""


def test_tasks_are_run_beside_the_embedded_site_and_by_a_worker_elsewhere(
    served: Serving, site: dict[str, str]
) -> None:
    """On PostgreSQL the line says what they wait for, and `postmarket worker` runs them while the site serves."""
    number = inside(site, ENQUEUE.format(key="one"))
    if not embedded(site):
        assert "postmarket worker" in served.line("postmarket: http")
        assert ran(site, "worker", "--until-empty").returncode == 0

    assert until(lambda: inside(site, STATE.format(number=number)), served) == "done"
    assert served.get("/healthz")[0] == 200


def test_a_worker_that_is_killed_beside_the_site_is_started_again(served: Serving, site: dict[str, str]) -> None:
    """The site goes on answering meanwhile. Beside a site on PostgreSQL there is none."""
    if not embedded(site):
        assert inside(site, WORKERS) == ""
        return
    first = until(lambda: inside(site, WORKERS), served)
    os.kill(int(first.split(":")[1]), signal.SIGKILL)

    assert served.get("/healthz")[0] == 200
    assert until(lambda: " ".join(set(inside(site, WORKERS).split()) - {first}), served)


def test_a_site_that_is_killed_leaves_nothing_running(served: Serving, site: dict[str, str]) -> None:
    """SIGKILL of the one process a person knows of: its web processes and its worker end by themselves."""
    if embedded(site):
        until(lambda: inside(site, WORKERS), served)
    served.process.kill()
    served.process.wait(PATIENCE_SECONDS)

    assert until(lambda: "free" if is_free(served.port) else "")
    assert until(lambda: "" if inside(site, WORKERS) else "signed off")


def test_a_port_that_is_taken_is_one_line_and_changes_nothing(site: dict[str, str], tmp_path: Path) -> None:
    """The second of two starts: no home, no tables, exit 5."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ended = ran(site, "serve", "--port", other.getsockname()[1])

    assert (ended.returncode, ended.stdout) == (5, "")
    assert ended.stderr.startswith("postmarket: 127.0.0.1, port ")
    assert "The port is taken" in ended.stderr
    assert "--port 8001" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "home").exists()


def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    """Without the password that its address holds."""
    address = f"postgresql://somebody:secretword@127.0.0.1:{free_port()}/nowhere"
    ended = ran(environment(tmp_path / "home", address), "serve", "--port", free_port())

    assert ended.returncode == 5
    assert ended.stderr.startswith("postmarket: The site cannot use the database")
    assert "secretword" not in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_an_address_that_is_not_this_machine_s_is_refused() -> None:
    """Before anything is begun (192.0.2.1 is for documentation: RFC 5737)."""
    with pytest.raises(ServeError, match="cannot listen there"):
        Address("192.0.2.1", free_port()).bound()


@pytest.mark.parametrize(
    ("host", "url", "local", "everywhere"),
    [
        ("127.0.0.1", "http://localhost:8000", True, False),
        ("localhost", "http://localhost:8000", True, False),
        ("::1", "http://localhost:8000", True, False),
        ("0.0.0.0", "http://localhost:8000", False, True),  # noqa: S104 - looked at, not bound
        ("10.1.2.3", "http://10.1.2.3:8000", False, False),
        ("2001:db8::1", "http://[2001:db8::1]:8000", False, False),
        ("psirt.example", "http://psirt.example:8000", False, False),
    ],
)
def test_what_to_type_into_a_browser(host: str, url: str, local: bool, everywhere: bool) -> None:
    """And whether others reach it."""
    address = Address(host, 8000)

    assert (address.url, address.is_local, address.is_everywhere) == (url, local, everywhere)


def test_a_site_told_to_listen_on_an_address_answers_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless a setting names who it answers to."""
    monkeypatch.setenv("POSTMARKET_HOSTS", "psirt.example")
    Address("10.1.2.3", 8000).allow()
    assert os.environ["POSTMARKET_HOSTS"] == "psirt.example"
    monkeypatch.delenv("POSTMARKET_HOSTS")
    Address("10.1.2.3", 8000).allow()
    assert os.environ["POSTMARKET_HOSTS"].split()[-1] == "10.1.2.3"
