"""The demo's settings open no site but the demo's (ADR 46)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from postmarket.demo.errors import DemoError
from postmarket.demo.home import demo_home, environment_of, new_home

IMPORT = "import django; from django.conf import settings; settings.DEBUG"


def test_a_demo_home_is_known_by_its_mark_and_gone_afterwards() -> None:
    """What a process of the demo is given leads it there."""
    with new_home() as home:
        given = environment_of(home, {"PATH": "/bin"})
        assert demo_home(given) == home

    assert not home.exists()


@pytest.mark.parametrize("name", ["DATABASE_URL", "POSTMARKET_HOSTS", "POSTMARKET_SECRET_KEY", "POSTMARKET_HTTPS"])
def test_no_setting_of_a_site_reaches_the_demo(name: str) -> None:
    """It is left out of what the demo's processes are given, and refused where it comes all the same."""
    with new_home() as home:
        given = environment_of(home, {name: "somebody's"})

        assert name not in given
        with pytest.raises(DemoError, match="takes no setting"):
            demo_home(given | {name: "somebody's"})


@pytest.mark.parametrize("home", [None, "there"])
def test_a_home_of_somebody_is_refused(home: str | None, tmp_path: Path) -> None:
    """Named or not: only one that the demo made has the mark."""
    (tmp_path / "there").mkdir()
    given = {} if home is None else {"POSTMARKET_HOME": str(tmp_path / home)}

    with pytest.raises(DemoError, match="was not made by"):
        demo_home(given)


def test_a_site_started_with_the_demos_settings_does_not_start(tmp_path: Path) -> None:
    """A mistaken DJANGO_SETTINGS_MODULE ends before a folder is made or a database opened."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("POSTMARKET_")}
    home = tmp_path / "home"
    ended = subprocess.run(
        [sys.executable, "-c", IMPORT],
        env=ours | {"POSTMARKET_HOME": str(home), "DJANGO_SETTINGS_MODULE": "postmarket.demo.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode != 0
    assert "DemoError" in ended.stderr
    assert not home.exists()


def test_the_site_s_own_settings_have_nothing_of_the_demo() -> None:
    """No app, middleware, template or address."""
    said = repr((settings.INSTALLED_APPS, settings.MIDDLEWARE, settings.TEMPLATES, settings.ROOT_URLCONF))

    assert "demo" not in said
    for name in ("demo-be", "demo-code"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
