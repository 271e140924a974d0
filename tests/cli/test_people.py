"""How the first person gets in: the link on the terminal, and `postmarket people invite-admin`."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from postmarket.accounts.models import Person
from tests.accounts.builders import PASSWORD, person
from tests.cli.conftest import PROGRAM, Run
from tests.cli.serving import environment, serving


@pytest.mark.django_db
def test_the_command_line_lets_an_administrator_in(run: Run) -> None:
    """The link it prints sets their password on the site."""
    ran = run("people", "invite-admin", "Ana.Reed@example.com", "--name", "Ana Reed", "--site", "https://pm.example")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Ana Reed (ana.reed@example.com) is an administrator.\n")
    link = ran.out.split()[-1]
    assert link.startswith("https://pm.example/account/invitation/")
    Client().post(urlsplit(link).path, {"password": PASSWORD, "again": PASSWORD})
    assert Person.objects.get().check_password(PASSWORD)


@pytest.mark.django_db
def test_somebody_new_needs_a_name(run: Run) -> None:
    """One line that says so; nobody is made."""
    ran = run("people", "invite-admin", "ana@example.com")

    assert ran.code != 0
    assert "no name that can be printed" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_a_lost_administrator_is_renewed_without_typing_the_name(run: Run) -> None:
    """With a reason of one's own."""
    person("Boss Lee", email="boss@example.com")
    ran = run("people", "invite-admin", "boss@example.com", "--why", "Phone lost.")

    assert ran.out.startswith("Boss Lee (boss@example.com) is an administrator.")
    assert not Person.objects.get().has_usable_password()


def test_a_fresh_site_prints_the_first_link_until_somebody_is_there(tmp_path: Path) -> None:
    """Whole: the server's terminal, the page, and the next start without a link."""
    site = environment(tmp_path / "home", f"sqlite:///{tmp_path / 'site.sqlite3'}")
    with serving(site) as served:
        line = served.line("Nobody is here yet.")
        found = re.search(r"http://\S+(/account/first-run/\S+/)", line)
        assert found is not None
        status, page = served.get(found[1])
        assert (status, "You are the first." in page) == (200, True)
        assert served.get("/people/")[0] == 302

    command = [*PROGRAM, "people", "invite-admin", "ana@example.com", "--name", "Ana Reed"]
    assert subprocess.run(command, env=site, capture_output=True).returncode == 0
    with serving(site) as served:
        served.line("postmarket:")
        assert served.get(found[1])[0] == 404
        served.end()
        assert not [line for line in served.lines if "Nobody is here" in line]
