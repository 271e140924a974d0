"""The chain as algebra: whatever single change is made to it, the walk finds it, and where it says."""

from __future__ import annotations

import json
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from postmarket.records import Subject, chain, heads
from postmarket.records.canonical import canonical, content_hash
from postmarket.records.ends import check_head
from postmarket.records.entries import Draft, read
from postmarket.records.heads import SignedHead
from postmarket.records.interface import Value
from postmarket.records.keys import SigningKey
from postmarket.records.problems import Problem, merged
from postmarket.records.walk import Row, Walk
from tests.records.builders import ANALYST, NOON

NAME = "0123456789abcdef"
SECRET = Ed25519PrivateKey.generate()
KEY = SigningKey(SECRET, SECRET.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex())
LONGEST = 12


def draft(step: int) -> Draft:
    """The `step`-th thing that was done."""
    return Draft(
        kind="device.changed",
        subject=Subject("device", "42"),
        actor=ANALYST,
        at=NOON + timedelta(minutes=step),
        site_zone="UTC",
        why=f"Reason {step}.",
        act=f"{step:032}",
        after={"step": step},
    )


def row(number: int, previous: bytes, said: Draft) -> Row:
    """What `said` is as entry `number` after the one with that hash."""
    content = said.written(number)
    hash_ = chain.link(previous, content)
    copies = (said.kind, said.subject.kind, said.subject.id, said.actor.kind.value, said.actor.id, said.at, said.states)
    return Row(number, content, previous, hash_, *copies)


def whole(length: int) -> tuple[list[Row], SignedHead]:
    """A chain of that length, and its head."""
    rows, previous = [], chain.genesis(NAME)
    for number in range(1, length + 1):
        rows.append(row(number, previous, draft(number)))
        previous = rows[-1].hash
    return rows, heads.sign(KEY, chain=NAME, number=length, hash_=previous, at=NOON)


def found(rows: list[Row], head: SignedHead) -> list[Problem]:
    """What walking says."""
    walk = Walk(NAME, watched={head.number})
    steps = (problem for one in rows for problem in walk.step(one))
    problems = list(merged(steps))
    return [*problems, *check_head(walk, before=head, after=head, trusted=frozenset({KEY.public}))]


def renumbered(rows: list[Row]) -> list[Row]:
    """The same bytes under numbers without a gap."""
    return [one._replace(number=number) for number, one in enumerate(rows, start=1)]


@given(length=st.integers(0, LONGEST))
def test_a_chain_nobody_touched_has_no_problem(length: int) -> None:
    """Of whatever length, none included."""
    assert found(*whole(length)) == []


@st.composite
def tampered(draw: st.DrawFn) -> tuple[list[Row], SignedHead, int]:
    """A chain with one change, its head, and the first place that is not as it was."""
    length = draw(st.integers(1, LONGEST))
    rows, head = whole(length)
    place = draw(st.integers(1, length))
    at = place - 1
    one = rows[at]
    kind = draw(st.sampled_from(["byte", "hash", "previous", "forge", "delete", "take out", "put in", "swap", "cut"]))
    match kind:
        case "byte":
            position = draw(st.integers(0, len(one.content) - 1))
            flipped = one.content[position] ^ draw(st.integers(1, 255))
            content = one.content[:position] + bytes([flipped]) + one.content[position + 1 :]
            rows[at] = one._replace(content=content)
        case "hash" | "previous":
            value = bytearray(getattr(one, kind))
            value[draw(st.integers(0, 31))] ^= draw(st.integers(1, 255))
            new = bytes(value)
            rows[at] = one._replace(hash=new) if kind == "hash" else one._replace(previous=new)
        case "forge":
            rows[at] = row(place, one.previous, draft(draw(st.integers(100, 200))))
        case "delete":
            del rows[at]
        case "take out":
            rows = renumbered(rows[:at] + rows[place:])
        case "put in":
            rows = renumbered([*rows[:at], row(place, one.previous, draft(draw(st.integers(100, 200)))), *rows[at:]])
        case "swap":
            other = draw(st.integers(1, length))
            rows[at], rows[other - 1] = rows[other - 1], rows[at]
            rows = renumbered(rows)
            place = min(place, other) if place != other else 0
        case "cut":
            del rows[at:]
    return rows, head, place


@given(tampered())
def test_any_single_change_is_found_and_the_first_finding_names_its_place(
    change: tuple[list[Row], SignedHead, int],
) -> None:
    """Edited, replaced, deleted, inserted, reordered, renumbered or cut off; a swap with itself is none."""
    rows, head, place = change
    problems = found(rows, head)

    if not place:
        assert problems == []
        return
    assert problems
    assert min(one.first for one in problems if one.first is not None) == place


values: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_bytes_say_the_value_and_nothing_else(value: Value) -> None:
    """Read back they are the value, and written again the same bytes: equal values have equal hashes (RFC 8785)."""
    content = canonical(value)

    assert json.loads(content) == value
    assert canonical(json.loads(content)) == content
    assert content_hash(value) == content_hash(content)


@given(st.dictionaries(st.text(), values, max_size=5), st.text(), st.sampled_from([None, {}, {"a": 1}]))
def test_an_entry_says_again_what_was_written(
    after: dict[str, Value], why: str, before: dict[str, Value] | None
) -> None:
    """Also that a subject was not there, which is not the same as saying nothing of it."""
    said = Draft(
        kind="device.changed",
        subject=Subject("device", "42"),
        actor=ANALYST,
        at=NOON,
        site_zone="Europe/Berlin",
        why=why,
        act="a",
        before=before,
        after=after,
    )

    assert read(said.written(7)) == (7, said)
