"""Links written by somebody else."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.sources.sync.errors import CannotFetch
from postmarket.sources.sync.links import file_name, folder_name, follow, shown


@pytest.mark.parametrize(
    ("base", "link", "address"),
    [
        ("https://a.example/csaf/feed.json", "2024/x.json", "https://a.example/csaf/2024/x.json"),
        ("https://a.example/csaf/", "/x.json#part", "https://a.example/x.json"),
        ("https://a.example/", "https://cdn.example/x.json ", "https://cdn.example/x.json"),
        ("http://127.0.0.1:80/", "http://127.0.0.1:81/x", "http://127.0.0.1:81/x"),
        ("http://10.0.0.1/", "https://192.168.1.1/x", "https://192.168.1.1/x"),
        ("http://a.example/", "https://a.example/x", "https://a.example/x"),
    ],
)
def test_honest_links_are_followed(base: str, link: str, address: str) -> None:
    """Relative, absolute, to another public server, or within a private network."""
    assert follow(base, link) == address


@pytest.mark.parametrize(
    "link",
    [
        "http://a.example/x.json",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://db.localhost/x",
        "https://10.0.0.8/x",
        "https://192.168.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://[fe80::1%25eth0]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://0.0.0.0/x",
        "https://[x/",
    ],
)
def test_other_links_are_refused(link: str) -> None:
    """No other scheme, no way down from https, no way from outside into our own network."""
    with pytest.raises(CannotFetch):
        follow("https://a.example/csaf/", link)


def test_a_refusal_shows_no_password() -> None:
    """Neither the page's nor the link's."""
    with pytest.raises(CannotFetch) as caught:
        follow("https://u:secret1@a.example/", "ftp://u:secret2@b.example/")

    assert "secret" not in str(caught.value)
    assert shown("https://u:p@a.example:8/x?y") == "https://a.example:8/x?y"


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_any_address_is_a_safe_place_of_its_own(one: str, other: str) -> None:
    """A name from outside never leaves the folder, never is hidden, and is not another address's name."""
    first, second = (f"https://a.example/{quote(text)}" for text in (one, other))
    places = [(folder_name(url), file_name(url)) for url in (first, second)]

    for part in (part for place in places for part in place):
        assert PurePosixPath(part).name == part
        assert PureWindowsPath(part).name == part
        assert not part.startswith(".")
        assert len(part) < 150
    assert (places[0] == places[1]) == (first == second)


def test_a_plain_name_stays_readable() -> None:
    """People find their advisory again."""
    url = "https://cert-portal.siemens.com/productcert/csaf/ssa-000072.json"

    assert file_name(url) == "ssa-000072.json"
    assert folder_name(url).startswith("cert-portal.siemens.com-productcert-csaf-")
