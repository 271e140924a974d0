"""The stored portfolio gives what a scan gives, anew or by what changed."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmarket.matching.aliases import builtin
from postmarket.matching.identities import identity
from postmarket.matching.interface import Grade
from postmarket.matching.portfolio import keep_identities
from postmarket.matching.rematch import (
    PortfolioEvidence,
    Waiting,
    apply_part,
    is_behind,
    matches_of,
    part_change,
    parts_matched,
    rematch,
    rematch_changes,
    waiting,
)
from postmarket.matching.store.engine import Connection
from postmarket.sbom.interface import Component
from postmarket.sources.interface import Certainty, Criterion
from tests.builders import Match, Tell, component, cpe, nvd_range, record

COMPONENTS = (
    component("zlib", "1.2.11"),
    component("openssl", "1.1.1k", cpes=(cpe("a:openssl:openssl", "1.1.1k"),)),
    component("viewer", "1.0", cpes=(cpe("a:acme:viewer", "1.0", "*:*:*:*:android:*:*"),)),
    component("gateway", "2.0", supplier="ACME, Inc."),
    component("no version", cpes=(cpe("a:zlib:zlib", "*"),)),
    component("odd version", "???", cpes=(cpe("a:acme:viewer", "*"),)),
    component("sshd", "9.8", cpes=(cpe("a:acme:viewer", "1.0", "p1:*:*:*:*:*:*"),)),
)
NO_VULNERABILITY = 2**40
PRODUCTS = ("a:zlib:zlib", "a:openssl:openssl", "a:acme:viewer", "a:acme:gateway", "a:acme:*", "a:*:zlib", "a:zli?:*")
BOUNDS = ("", "0.5", "1.0", "1.1.1l", "1.2.12", "2.0", "3.0")
ATTRIBUTES = ("", "*:*:*:*:windows:*:*", "*:*:*:*:android:*:*")

criteria = st.builds(
    lambda product, below, attributes, certainty: nvd_range(product, below, attributes=attributes, certainty=certainty),
    st.sampled_from(PRODUCTS),
    st.sampled_from(BOUNDS),
    st.sampled_from(ATTRIBUTES),
    st.sampled_from(Certainty),
)


def stored(store: Connection) -> set[tuple[int, int]]:
    """Every stored (identity, vulnerability)."""
    return set(store.execute("SELECT identity_id, vulnerability_id FROM match"))


listings = st.lists(
    st.builds(
        lambda product, version, rest: component("listed", version, cpes=(cpe(product, version or "*", rest),)),
        st.sampled_from(PRODUCTS[:4]),
        st.sampled_from(("", "???", "0.1", "1.0", "1.1.1k", "1.2.11", "2.5")),
        st.sampled_from((":".join("*" * 7), *ATTRIBUTES[1:], "p1:*:*:*:*:*:*")),
    ),
    max_size=3,
).map(lambda listed: (*COMPONENTS, *listed))


def scanned(match: Match, listed: Sequence[Component], ids: list[int]) -> set[tuple[int, int]]:
    """What a scan of the same components finds, but for what is only possible."""
    return {(ids[item.component], item.vulnerability) for item in match(*listed).matches if item.grade < Grade.POSSIBLE}


def test_a_stored_match_names_its_surest_evidence(store: Connection, tell: Tell) -> None:
    """By record, position and rung."""
    tell(record("CVE-1", nvd_range("a:acme:other", "1"), nvd_range("a:zlib:zlib", "1.2.12")))
    (zlib,) = keep_identities(store, [identity(COMPONENTS[0], builtin())])

    assert rematch(store) == 1
    assert matches_of(store, 1) == {zlib: PortfolioEvidence(doubt=0, rung=3, record_id=1, position=1)}


def test_equal_components_of_many_sboms_are_kept_once(store: Connection) -> None:
    """Work grows with distinct identities."""
    ids = keep_identities(store, [identity(item, builtin()) for item in (*COMPONENTS, *COMPONENTS)])

    assert ids[: len(COMPONENTS)] == ids[len(COMPONENTS) :]
    assert store.execute("SELECT count(*) FROM identity").fetchone() == (len(COMPONENTS),)


def test_a_product_nobody_named_before_finds_the_identities_that_waited(store: Connection, tell: Tell) -> None:
    """The identity was kept before any source spoke of it."""
    keep_identities(store, [identity(item, builtin()) for item in COMPONENTS[:4]])
    assert rematch(store) == 0
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")))

    assert rematch_changes(store) == 1
    assert stored(store) == {(1, 1)}


def test_an_identity_that_came_later_is_matched_with_what_was_there(store: Connection, tell: Tell) -> None:
    """It needs no new word of any source, and no match of the whole portfolio."""
    tell(
        record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")),
        record("CVE-2", nvd_range("a:zlib:*", attributes=ATTRIBUTES[1])),
    )
    keep_identities(store, [identity(COMPONENTS[1], builtin())])
    rematch(store)
    (zlib,) = keep_identities(store, [identity(COMPONENTS[0], builtin())])

    assert rematch_changes(store) == 0
    assert stored(store) == {(zlib, 1), (zlib, 2)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(listings, st.lists(criteria, max_size=3)), min_size=2, max_size=6),
)
def test_changes_scan_and_full_match_agree(
    store: Connection,
    tell: Tell,
    match: Match,
    days: list[tuple[tuple[Component, ...], list[Criterion]]],
) -> None:
    """Sources change their words and devices come, day by day: changes alone, all anew, and a scan give the same."""
    for day, (listed, told) in enumerate(days):
        ids = keep_identities(store, [identity(item, builtin()) for item in listed])
        tell(record(f"CVE-{day % 3}", *told, modified=f"2026-01-0{day + 1}T00:00:00Z"))
        rematch_changes(store)
        by_changes = stored(store)

        rematch(store)

        assert by_changes == stored(store)
        assert {pair for pair in by_changes if pair[0] in ids} == scanned(match, listed, ids)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(criteria, min_size=1, max_size=6), listed=listings, size=st.integers(1, 4))
def test_parts_give_what_the_whole_gives(
    store: Connection, tell: Tell, told: list[Criterion], listed: Sequence[Component], size: int
) -> None:
    """The portfolio cut into ranges of identities, matched in any order, is the portfolio matched at once."""
    tell(record(f"CVE-{size}", *told))
    keep_identities(store, [identity(item, builtin()) for item in listed])
    count = rematch(store)
    whole = stored_with_evidence(store)
    last = waiting(store).last_identity
    parts = [(first, min(first + size - 1, last)) for first in range(1, last + 1, size)]

    store.execute("UPDATE match SET evidence = 0 WHERE identity_id IN (2, 4, 6)")
    store.execute("DELETE FROM match WHERE identity_id IN (3, 7)")
    store.execute("INSERT INTO match VALUES (?, 1, 0)", (NO_VULNERABILITY,))

    changes = [part_change(store, first=first, last=end) for first, end in reversed(parts)]
    with store.writing():
        for change in changes:
            apply_part(store, change)

    assert sum(change.matches for change in changes) == count
    assert (NO_VULNERABILITY, 1) in {pair for change in changes for pair in change.gone}
    assert stored_with_evidence(store) == whole


def stored_with_evidence(store: Connection) -> set[tuple[int, int, int]]:
    """Every stored match with its evidence."""
    return set(store.execute("SELECT identity_id, vulnerability_id, evidence FROM match"))


def test_what_waits_is_named_and_then_matched(store: Connection, tell: Tell) -> None:
    """Before a match: which vulnerabilities and identities; after it: nothing."""
    assert not is_behind(store)
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")))
    keep_identities(store, [identity(COMPONENTS[0], builtin())])
    assert is_behind(store)
    assert waiting(store) == Waiting(before=0, visible=1, vulnerabilities=(1,), first_identity=1, last_identity=1)

    rematch_changes(store)

    assert not is_behind(store)
    assert waiting(store).nothing


def test_parts_that_are_done_leave_what_came_meanwhile_waiting(store: Connection, tell: Tell) -> None:
    """A feed published while the parts ran is matched next."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")))
    keep_identities(store, [identity(COMPONENTS[0], builtin())])
    begun = waiting(store)
    tell(record("CVE-2", nvd_range("a:zlib:zlib", "1.2.12")))

    change = part_change(store, first=1, last=1)
    with store.writing():
        apply_part(store, change)
    parts_matched(store, visible=begun.visible, last_identity=begun.last_identity)

    assert waiting(store).vulnerabilities == (2,)
