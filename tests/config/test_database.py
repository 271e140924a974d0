"""Which database is used, and what is said of an address that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from postmarket.config.database import database
from postmarket.config.errors import ConfigError


def test_without_an_address_one_file_in_the_home_holds_everything(tmp_path: Path) -> None:
    """The embedded default needs no setting."""
    entry = database(None, home=tmp_path)

    assert entry["ENGINE"] == "django.db.backends.sqlite3"
    assert entry["NAME"] == str(tmp_path / "postmarket.sqlite3")
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_home_with_unusual_signs_in_its_name_is_used_as_it_is(tmp_path: Path) -> None:
    """A folder may hold spaces, percent signs and question marks."""
    home = tmp_path / "a b%20c?d"

    assert database(None, home=home)["NAME"] == str(home / "postmarket.sqlite3")


def test_a_postgresql_address_is_read(tmp_path: Path) -> None:
    """Teams use PostgreSQL."""
    entry = database("postgresql://quality:s%40fe@db.example:5433/postmarket", home=tmp_path)

    assert entry["ENGINE"] == "django.db.backends.postgresql"
    assert (entry["HOST"], entry["PORT"], entry["USER"]) == ("db.example", 5433, "quality")
    assert entry["PASSWORD"] == "s@fe"  # noqa: S105 - an example


@pytest.mark.parametrize("address", ["mysql://root:hunter2@db/x", "hunter2", "postgresql://u:hunter2@h:port/x"])
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(address: str, tmp_path: Path) -> None:
    """An address holds a password: no log and no screen shows it."""
    with pytest.raises(ConfigError) as refused:
        database(address, home=tmp_path)

    assert "DATABASE_URL" in refused.value.line()
    assert "hunter2" not in refused.value.line()
