"""The site's secret is made once and kept to its owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from postmarket.config.errors import ConfigError
from postmarket.config.secret import site_secret


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """A second start uses the same secret, or everybody would be signed out."""
    first = site_secret(tmp_path)

    assert site_secret(tmp_path) == first
    assert len(first) >= 48
    (path,) = (tmp_path / "keys").iterdir()
    assert path.stat().st_mode & 0o077 == 0


def test_a_secret_given_from_outside_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several web machines share one."""
    monkeypatch.setenv("POSTMARKET_SECRET_KEY", "shared")

    assert site_secret(tmp_path) == "shared"
    assert not (tmp_path / "keys").exists()


def test_a_home_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The error names the file and both ways out."""
    (tmp_path / "keys").write_text("a file where the folder would be")

    with pytest.raises(ConfigError, match="POSTMARKET_SECRET_KEY"):
        site_secret(tmp_path)
