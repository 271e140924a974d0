"""Strict JSON and XML: what is read, what is refused, and where the refusal points."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmarket.untrusted.errors import UntrustedInput
from postmarket.untrusted.structured import parse_json, parse_xml

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(JSON_VALUES, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]), st.booleans())
def test_whatever_json_writes_is_read_back(value: Any, encoding: str, escaped: bool) -> None:
    """Every JSON value comes back the same from UTF-8 and UTF-16, with escapes or without."""
    # A lone character outside ASCII in UTF-16 has no zero byte to tell the encoding by, so a list is put around it.
    text = json.dumps([value], ensure_ascii=escaped)

    assert parse_json(text.encode(encoding), name="a.json") == [value]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_one_line(content: bytes) -> None:
    """No byte string raises anything but UntrustedInput, from either parser."""
    for parse in (parse_json, parse_xml):
        line = ""
        try:
            parse(content, name="a")
        except UntrustedInput as error:
            line = str(error)

        assert line == "" or line.startswith("a: line ")
        assert line.isprintable()


@settings(max_examples=200)
@given(st.text(alphabet='{}[]",:\\u019dDcaNInfity-.eE \n', max_size=60))
def test_json_lookalikes_agree_with_the_standard_parser(text: str) -> None:
    """What the standard parser refuses is refused; what it takes is taken alike, or refused for a strict reason."""
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(UntrustedInput):
            parse_json(text.encode(), name="a")
        return
    refusal = ""
    try:
        found = parse_json(text.encode(), name="a")
    except UntrustedInput as error:
        refusal = str(error)

    if refusal:
        assert any(why in refusal for why in ("twice", "not a JSON value", "surrogate", "too large"))
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (b"", "line 1, column 1", "the file is empty"),
        (b' \n{"a": 1', "line 2, column 8", "truncated"),
        (b'{"a": "b', "line 1, column 7", "truncated"),
        (b'{"a":\n NaN}', "line 2, column 2", "NaN is not a JSON value"),
        (b"[-Infinity]", "line 1, column 2", "-Infinity is not a JSON value"),
        (b"[1e999]", "line 1, column 2", "too large"),
        (b'{"a": 1,\n "a": 2}', "line 2, column 2", 'the key "a" is given twice'),
        (b'{"a":{"b":1},"b":[{"c":1},{"c":2}],"c":{"d":1,"d":2}}', "line 1, column 47", 'the key "d"'),
        (b'{"a":1,"\\u0061":2}', "line 1, column 8", 'the key "a"'),
        (b'{"a":1,"a"' + b" " * 5000 + b":2}", "line 1, column 8", 'the key "a"'),
        (b"[" * 300 + b"]" * 300, "line 1, column 201", "nested deeper than 200"),
        (b"[" * 1_000_000, "line 1, column 201", "nested deeper than 200"),
        (b'{"a":' * 100_000, "line 1, column 1001", "nested deeper than 200"),
        (b'{"n": ' + b"9" * 4001 + b"}", "line 1, column 7", "more than 4,000 digits"),
        (b'["\\ud800"]', "line 1, column 3", "surrogate"),
        (b'["\\udc00"]', "line 1, column 3", "surrogate"),
        (b'["\\ud800\\ud800\\udc00"]', "line 1, column 3", "surrogate"),
        (b'{"a":\n"\xe9"}', "line 2, column 2", "byte 0xe9 is not utf-8"),
        ('{"a": 1}'.encode("utf-32"), "line 1, column 1", "UTF-32"),
        (b"[1] [2]", "line 1, column 5", "more text follows"),
        (b"[1,]", "line 1, column 4", "expecting value"),
    ],
)
def test_bad_json_is_refused_at_its_place(content: bytes, place: str, reason: str) -> None:
    """Each thing the contract forbids is refused with file, line, column and reason."""
    with pytest.raises(UntrustedInput) as caught:
        parse_json(content, name="pump.json")

    assert str(caught.value).startswith(f"pump.json: {place}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[" * 200 + b"]" * 200, 200),
        (b'["[[[[", "\\"{{{"]' + b" " * 10, 1),
        (b'[{"a": "' + b"[" * 5000 + b'"}]', 2),
    ],
)
def test_depth_counts_brackets_outside_strings_only(content: bytes, expected: int) -> None:
    """Two hundred levels are read, and brackets inside a string are text."""
    depth, value = 0, parse_json(content, name="a")
    while isinstance(value, list | dict):
        depth += 1
        inner = list(value.values()) if isinstance(value, dict) else value
        value = inner[0] if inner else None

    assert depth == expected


def test_escaped_backslash_before_u_is_no_surrogate() -> None:
    r"""The text `\ud800`, its backslash escaped, is six characters and harmless."""
    assert parse_json(b'["\\\\ud800", "\\ud83d\\ude00"]', name="a") == ["\\ud800", "\U0001f600"]


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (b"", "line 1, column 1", "no element found"),
        (b"<a>\n<b>", "line 2, column 4", "no element found"),
        (BOMB, "line 1, column 34", "a DTD"),
        (b'<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>', "line 1", "a DTD"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>', "line 1", "a DTD"),
        (b"<a>&nbsp;</a>", "line 1, column 4", "undefined entity"),
        (b"<a>" * 100_000, "line 1, column 604", "nested deeper than 200"),
        (b'<a b="1" b="2"/>', "line 1, column 10", "duplicate attribute"),
        (b"<a>\xff</a>", "line 1, column 4", "not well-formed"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "line 1", "encoding"),
        (b'<?xml version="1.0" encoding="shift_jis"?><a/>', "line 1", "encoding"),
        (b"<a/><b/>", "line 1, column 5", "junk after document element"),
    ],
)
def test_bad_xml_is_refused_at_its_place(content: bytes, place: str, reason: str) -> None:
    """DTDs, entities, depth and malformed XML are refused with file, line and reason."""
    with pytest.raises(UntrustedInput) as caught:
        parse_xml(content, name="pump.xml")

    assert str(caught.value).startswith(f"pump.xml: {place}")
    assert reason in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_xml_is_read_in_its_encodings(encoding: str) -> None:
    """The parser takes the byte order mark's word for the encoding."""
    assert parse_xml("<a>é</a>".encode(encoding), name="a").text == "é"
