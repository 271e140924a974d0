"""CPE names in both bindings, and what is read from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.versions.cpe import (
    Cpe,
    attributes,
    parse,
    product_name,
    split_formatted,
    to_formatted,
    to_uri,
    version_text,
)
from postmarket.versions.errors import InvalidCpe
from postmarket.versions.interface import Scheme
from postmarket.versions.keys import key

LOG4J = r"cpe:2.3:a:apache:log4j:2.14.1:rc1:*:*:*:*:*:*"


@pytest.mark.parametrize(
    ("text", "formatted", "uri"),
    [
        (LOG4J, LOG4J, "cpe:/a:apache:log4j:2.14.1:rc1"),
        (
            r"cpe:2.3:a:bmc:track-it\!:*:*:*:*:*:*:*:*",
            r"cpe:2.3:a:bmc:track-it\!:*:*:*:*:*:*:*:*",
            "cpe:/a:bmc:track-it%21",
        ),
        (
            "cpe:/a:10web:form_maker:::~~~wordpress~~",
            "cpe:2.3:a:10web:form_maker:*:*:*:*:*:wordpress:*:*",
            "cpe:/a:10web:form_maker:::~~~wordpress~~",
        ),
        (
            "cpe:/a:jenkins:pipeline%3a_groovy",
            r"cpe:2.3:a:jenkins:pipeline\:_groovy:*:*:*:*:*:*:*:*",
            "cpe:/a:jenkins:pipeline%3a_groovy",
        ),
        (
            "cpe:2.3:a:fortra:filecatalyst:5.1.6;_0:*:*:*:*:*:*:*",
            r"cpe:2.3:a:fortra:filecatalyst:5.1.6\;_0:*:*:*:*:*:*:*",
            "cpe:/a:fortra:filecatalyst:5.1.6%3b_0",
        ),
        (
            "CPE:/O:Cisco:IOS:15.2%284%29M",
            r"cpe:2.3:o:cisco:ios:15.2\(4\)m:*:*:*:*:*:*:*",
            "cpe:/o:cisco:ios:15.2%284%29m",
        ),
        ("cpe:2.3:a:x:y:8.*:?.1:-:*:*:*:*:*", "cpe:2.3:a:x:y:8.*:?.1:-:*:*:*:*:*", "cpe:/a:x:y:8.%02:%01.1:-"),
    ],
)
def test_a_name_is_read_and_written_in_both_bindings(text: str, formatted: str, uri: str) -> None:
    """Punctuation without its backslash gets one."""
    assert to_formatted(parse(text)) == formatted
    assert to_uri(parse(text)) == uri


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "begins neither"),
        ("log4j", "begins neither"),
        ("cpe:2.3:a:apache:log4j", "3 attributes, not 11"),
        (LOG4J + ":*", "12 attributes, not 11"),
        (LOG4J[:-1] + "\\", "an attribute is empty"),
        ("cpe:2.3:x:apache:log4j:2:*:*:*:*:*:*:*", "part is 'x'"),
        ("cpe:2.3:*:apache:log4j:2:*:*:*:*:*:*:*", "part is '\\*'"),
        ("cpe:2.3:a::log4j:2:*:*:*:*:*:*:*", "an attribute is empty"),
        ("cpe:2.3:a:apache:lo*g4j:2:*:*:*:*:*:*:*", "a wildcard inside"),
        ("cpe:2.3:a:apache:lo?g4j:2:*:*:*:*:*:*:*", "a wildcard inside"),
        ("cpe:2.3:a:apache:**:2:*:*:*:*:*:*:*", "a wildcard inside"),
        ("cpe:2.3:a:apache:log 4j:2:*:*:*:*:*:*:*", "white space"),
        ("cpe:2.3:a:apache:lög4j:2:*:*:*:*:*:*:*", "printable ASCII"),
        ("cpe:/a:apache:log4j:1:2:3:4:5", "8 components, more than 7"),
        ("cpe:/a:apache:log!4j", "must be written as a percent code"),
        ("cpe:/a:apache:log%zz", "must be written as a percent code"),
        ("cpe:/a:apache:log%20x", "no code of the binding"),
        ("cpe:/a:apache:log4j:1::~a~b", "packed edition has 2 fields, not 5"),
        ("cpe:2.3:a:" + "x" * 5000, "more than 4096"),
    ],
    ids=lambda value: value[:40],
)
def test_what_is_no_name_is_refused_in_one_line(text: str, why: str) -> None:
    """Saying why, and how a name is written."""
    with pytest.raises(InvalidCpe, match=why) as caught:
        parse(text)

    assert caught.value.line().isprintable()
    assert "Write it as cpe:2.3:" in caught.value.line()


@given(
    st.text(max_size=60)
    | st.lists(st.text(r"ab*?\:.-!~%", min_size=1, max_size=6), min_size=11, max_size=11).map(
        lambda values: "cpe:2.3:a:" + ":".join(values[1:])
    )
)
def test_any_text_is_a_name_or_refused(text: str) -> None:
    """No other error; and what is read is written so that it reads the same."""
    try:
        name = parse(text)
    except InvalidCpe:
        return

    assert parse(to_formatted(name)) == name


@given(st.text("abc01._-!~:*?", min_size=1, max_size=6))
def test_a_value_survives_the_uri(value: str) -> None:
    """Whatever may stand in an attribute, its wildcards and quotes included."""
    try:
        name = parse(f"cpe:2.3:a:v:{value.replace(':', chr(92) + ':')}:1:*:*:*:*:*:*:*")
    except InvalidCpe:
        return

    assert parse(to_uri(name)) == name


def test_splitting_keeps_escaped_colons_together() -> None:
    """The loader's way: eleven strings, unchecked."""
    assert split_formatted(LOG4J) == ["a", "apache", "log4j", "2.14.1", "rc1", *["*"] * 6]
    assert split_formatted(r"cpe:2.3:a:x\:y:z\\:1:*:*:*:*:*:*:*")[:4] == ["a", r"x\:y", "z\\\\", "1"]
    with pytest.raises(InvalidCpe, match="3 attributes"):
        split_formatted("cpe:2.3:a:b:c")
    with pytest.raises(InvalidCpe, match="does not begin"):
        split_formatted("cpe:/a:b:c")


@pytest.mark.parametrize("read", [split_formatted, parse])
def test_what_the_store_keeps_of_a_name(read: type) -> None:
    """The same from the bare parts as from the checked name."""
    cpe = read(r"cpe:2.3:a:BMC:Track-It\!:20.21:*:*:*:Pro:Windows:*:*")

    assert product_name(cpe) == r"a:bmc:track-it\!"
    assert attributes(cpe) == "*:*:*:pro:windows:*:*"
    assert attributes(read("cpe:2.3:a:b:c:1:*:*:*:*:*:*:*")) == ""


@pytest.mark.parametrize(
    ("version", "update", "text"),
    [
        ("9.8", "p1", "9.8-p1"),
        ("9.8", "*", "9.8"),
        ("9.8", "-", "9.8"),
        (r"15.2\(4\)m", "*", "15.2(4)m"),
        ("1.8.0", "update292", "1.8.0-update292"),
        ("*", "p1", ""),
        ("-", "*", ""),
    ],
)
def test_the_version_of_a_name(version: str, update: str, text: str) -> None:
    """Unescaped, the update behind it; `*` and `-` are no version."""
    assert version_text(Cpe("a", "b", "c", version, update)) == text


def test_version_and_update_order_as_one_version() -> None:
    """OpenSSH 9.8p1 is the same in a CPE and in a package."""
    cpe = parse("cpe:2.3:a:openbsd:openssh:9.8:p1:*:*:*:*:*:*")

    assert key(Scheme.GENERIC, version_text(cpe)) == key(Scheme.GENERIC, "9.8p1")
