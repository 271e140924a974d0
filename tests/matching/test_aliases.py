"""The alias table as a firm writes it: what is brought into form, and what is refused."""

from __future__ import annotations

import pytest

from postmarket.matching.aliases.table import builtin, read
from postmarket.matching.errors import AliasTableError


def table(*entries: str) -> bytes:
    """A table of these products."""
    return f"products = [{', '.join(entries)}]".encode()


def test_names_are_brought_into_the_form_that_matches() -> None:
    """A whole purl, unfolded names and upper case are what people copy from elsewhere."""
    made = read(
        table('{ cpe = ["A:Acme:Pump"], names = ["Pump Gateway"], purls = ["pkg:pypi/Foo_Bar", "npm/left-pad"] }'),
        name="ours.toml",
    )

    assert made.by_cpe == {"a:acme:pump": ("a:acme:pump",)}
    assert set(made.by_name) == {"pump_gateway"}
    assert set(made.by_purl) == {"pypi/foo-bar", "npm/left-pad"}


@pytest.mark.parametrize(
    "entry",
    [
        '{ cpe = ["acme:pump"] }',
        '{ cpe = ["x:acme:pump"] }',
        '{ cpe = ["a:acme:"] }',
        '{ cpe = ["a:acme:*"] }',
        '{ cpe = ["a:acme pumps:pump"] }',
        '{ cpe = ["cpe:2.3:a:acme:pump:*:*:*:*:*:*:*:*"] }',
        "{ cpe = [] }",
        '{ cpe = ["a:acme:pump"], purls = ["left-pad"] }',
        '{ cpe = ["a:acme:pump"], purls = ["pkg:npm/left-pad@1.0"] }',
        '{ cpe = ["a:acme:pump"], names = ["  "] }',
        '{ cpe = ["a:acme:gateway"] }',
        '{ cpe = ["a:acme:pump"], names = ["GATEWAY"] }',
        '{ cpe = ["a:acme:pump"], purls = ["pkg:npm/Gateway"] }',
    ],
)
def test_what_could_never_match_or_is_there_twice_is_refused_by_its_place(entry: str) -> None:
    """One line that names the entry."""
    first = '{ cpe = ["a:acme:gateway"], names = ["gateway"], purls = ["npm/gateway"] }'

    with pytest.raises(AliasTableError, match=r"^ours\.toml: products\[1\]: ") as raised:
        read(table(first, entry), name="ours.toml")

    assert "\n" not in raised.value.line()


@pytest.mark.parametrize("content", [b"products = " + b"[" * 20_000, b"\xff", b"x", b"products = 1", b"[" * 9, b""])
def test_what_is_no_table_is_one_clear_line(content: bytes) -> None:
    """Also what is nested deeper than a parser goes."""
    with pytest.raises(AliasTableError, match=r"^ours\.toml: This is no alias table"):
        read(content, name="ours.toml")


def test_the_firm_s_table_wins() -> None:
    """Where both know a name; the rest of the built-in one stays."""
    ours = read(table('{ cpe = ["a:acme:zlib"], names = ["zlib"] }'), name="ours.toml")

    made = builtin().extended(ours)

    assert made.by_name["zlib"] == ("a:acme:zlib",)
    assert made.by_name["openssl"] == builtin().by_name["openssl"]
