"""How CPE names and values relate, by NISTIR 7696 and by NIST's own answers."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from pathlib import Path

import pytest

from postmarket.versions.cpe import (
    Relation,
    compare,
    compare_names,
    covers,
    has_wildcard,
    parse,
    parse_formatted,
    parse_uri,
    to_formatted,
    to_uri,
)


@pytest.mark.parametrize(
    ("source", "target", "relation"),
    [
        ("*", "*", Relation.EQUAL),
        ("*", "-", Relation.SUPERSET),
        ("*", "1.0", Relation.SUPERSET),
        ("-", "*", Relation.SUBSET),
        ("-", "-", Relation.EQUAL),
        ("-", "1.0", Relation.DISJOINT),
        ("1.0", "*", Relation.SUBSET),
        ("1.0", "-", Relation.DISJOINT),
        ("1.0", "1.1", Relation.DISJOINT),
        ("Adobe", "adobe", Relation.EQUAL),
        ("1.*", "1.7.2", Relation.SUPERSET),
        ("1.*", "2.1.7", Relation.DISJOINT),
        ("*.2", "1.7.2", Relation.SUPERSET),
        ("*7*", "1.7.2", Relation.SUPERSET),
        ("5.0.?", "5.0.4", Relation.SUPERSET),
        ("5.0.?", "5.0.44", Relation.DISJOINT),
        ("5.0.??", "5.0.4", Relation.SUPERSET),
        ("?.0", "15.0", Relation.DISJOINT),
        (r"a\*", "ab", Relation.DISJOINT),
        (r"a\?", r"a\?", Relation.EQUAL),
        ("2021", "202?", Relation.UNDEFINED),
        ("-", "1*", Relation.UNDEFINED),
        ("*", "1*", Relation.UNDEFINED),
    ],
)
def test_the_relation_of_two_values(source: str, target: str, relation: Relation) -> None:
    """NISTIR 7696 table 6-2."""
    assert compare(source, target) is relation


@pytest.mark.parametrize(
    ("criterion", "stated", "answer"),
    [
        ("*", "*", True),
        ("*", "-", True),
        ("windows", "*", None),
        ("windows", "win*", None),
        ("-", "*", None),
        ("windows", "Windows", True),
        ("windows", "linux", False),
        ("windows", "-", False),
        ("-", "windows", False),
        ("-", "-", True),
        ("1.4.5", "1.4.?", None),
        ("1.*", "1.4.5", True),
        ("1.*", "2.4", False),
        (r"1.0.04\(build3?", r"1.0.04\(build3\)", True),
        (r"track-it\!", r"track-it\!", True),
        ("node.js", r"node\.js", True),
    ],
)
def test_whether_a_criterion_covers_what_is_stated(criterion: str, stated: str, answer: bool | None) -> None:
    """None where the inventory does not know; never False for want of knowledge."""
    assert covers(criterion, stated) is answer


@pytest.mark.parametrize(
    ("value", "wild"),
    [("*", True), ("1.*", True), ("?", True), (r"a\*", False), (r"a\\*", True), ("-", False), ("", False)],
)
def test_quoted_wildcards_are_plain_characters(value: str, wild: bool) -> None:
    """A backslash may itself be quoted."""
    assert has_wildcard(value) is wild


def test_names_relate_as_all_their_attributes_do() -> None:
    """Disjoint once, disjoint; else the one direction all share; else they overlap."""
    any_log4j = parse("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*")
    one_log4j = parse("cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*")
    rc_log4j = parse("cpe:2.3:a:apache:log4j:*:rc1:*:*:*:*:*:*")
    other = parse("cpe:2.3:a:apache:http_server:*:*:*:*:*:*:*:*")

    assert compare_names(any_log4j, one_log4j) == (Relation.SUPERSET, False)
    assert compare_names(one_log4j, any_log4j) == (Relation.SUBSET, False)
    assert compare_names(one_log4j, one_log4j) == (Relation.EQUAL, False)
    assert compare_names(one_log4j, rc_log4j) == (Relation.OVERLAP, False)
    assert compare_names(one_log4j, other) == (Relation.DISJOINT, False)


@pytest.mark.corpus
def test_nists_own_answers(shared_data: Path) -> None:
    """All of them; its six refusals of a percent-encoded colon are argued in docs/adr/0010-cpe-answers.md."""
    with lzma.open(shared_data / "conformance" / "cpe" / "cpe23-reference-oracle.jsonl.xz", "rt") as lines:
        answers = [json.loads(line) for line in lines]

    differences = [answer for answer in answers if not agrees(answer)]

    assert Counter(answer["kind"] for answer in answers) > Counter(match=2500, fs_bind=900, uri_unbind=2600)
    assert [answer["kind"] for answer in differences] == ["rejected"] * 6
    assert all("%3a" in answer["input"][1] for answer in differences)
    assert all(to_uri(parse_uri(answer["input"][1])) == answer["input"][1] for answer in differences)


def agrees(answer: dict[str, str]) -> bool:
    """Whether we answer as NIST's reference implementation does; its refusals always count as a difference."""
    if answer["kind"] == "fs_bind":
        name = parse_formatted(answer["fs"])
        return (to_uri(name), to_formatted(name)) == (answer["uri"], answer["fs_again"])
    if answer["kind"] == "uri_unbind":
        name = parse_uri(answer["uri"])
        return (to_formatted(name), to_uri(name)) == (answer["fs"], answer["uri_again"])
    if answer["kind"] == "match":
        found = compare_names(parse(answer["source"]), parse(answer["target"]))
        return tuple(found) == (answer["relation"], answer["has_undefined"])
    return False
