"""Single sign-on providers, as they are written in `oidc.toml`."""

from __future__ import annotations

from pathlib import Path

import pytest

from postmarket.config.errors import ConfigError
from postmarket.config.oidc import allauth_apps, providers

PAGE = (Path(__file__).parents[2] / "docs" / "accounts.md").read_text("utf-8")
ONE = """
[[provider]]
id = "entra"
name = "Example Medical"
issuer = "https://login.example.com/tenant/"
client_id = "postmarket"
client_secret = "s3cret"
"""


def written(home: Path, text: str) -> Path:
    """A home with this file."""
    (home / "oidc.toml").write_text(text, "utf-8")
    return home


def test_a_site_without_the_file_has_no_provider(tmp_path: Path) -> None:
    """The default."""
    assert providers(tmp_path) == ()


def test_the_example_of_the_page_works_as_pasted(tmp_path: Path) -> None:
    """Every field it shows is read."""
    (example,) = [part.partition("```")[0] for part in PAGE.split("```toml\n")[1:]]
    (found,) = providers(written(tmp_path, example))

    assert (found.id, found.name, found.second_factor) == ("entra", "Example Medical", True)
    assert (found.domains, found.roles_claim) == (("example.com",), "groups")
    assert found.roles["psirt-analysts"] == "psirt-analyst"


def test_a_short_entry_trusts_nothing_more_than_it_says(tmp_path: Path) -> None:
    """No second factor, no newcomers; its secret is never printed."""
    (found,) = providers(written(tmp_path, ONE))

    assert (found.issuer, found.second_factor, found.domains) == ("https://login.example.com/tenant", False, ())
    assert "s3cret" not in repr(found)
    assert allauth_apps((found,))[0]["settings"]["oauth_pkce_enabled"] is True


def test_one_provider_may_stand_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a container; beside those of the file."""
    monkeypatch.setenv("POSTMARKET_OIDC_ISSUER", "https://sso.example.com")
    monkeypatch.setenv("POSTMARKET_OIDC_CLIENT_ID", "pm")
    monkeypatch.setenv("POSTMARKET_OIDC_CLIENT_SECRET", "x")

    assert [one.id for one in providers(written(tmp_path, ONE))] == ["entra", "sso"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("https://login", "http://login"), "issuer does not begin with https"),
        (('id = "entra"', 'id = "en tra"'), "id has other than"),
        (('name = "Example Medical"\n', ""), "name is missing"),
        (("client_id", "clientid"), "client_id is missing"),
        (("[[provider]]", "[provider]"), "no provider"),
        (("[[provider]]", "[[provider]"), "cannot be read"),
        (("s3cret", 's3cret"\nsecond_factor = "yes'), "second_factor is neither"),
        (("s3cret", 's3cret"\nfavourite = "blue'), "favourite is unknown"),
    ],
)
def test_a_slip_is_named_without_the_secret(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    """One line that says where and what."""
    with pytest.raises(ConfigError, match=said) as refused:
        providers(written(tmp_path, ONE.replace(*change)))
    assert "s3cret" not in refused.value.line()


def test_two_providers_need_two_ids(tmp_path: Path) -> None:
    """The id is part of the callback's address."""
    with pytest.raises(ConfigError, match="share one id"):
        providers(written(tmp_path, ONE + ONE))
