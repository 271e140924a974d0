"""A wrong criterion is retired for the whole portfolio, survives its record's next load, and ends with its words."""

from __future__ import annotations

import pytest

from postmarket.matching.aliases import builtin
from postmarket.matching.identities import identity
from postmarket.matching.interface import Grade
from postmarket.matching.portfolio import keep_identities
from postmarket.matching.rematch import matches_of, rematch, rematch_changes
from postmarket.matching.retirement import Told, effect, is_retired, restore_criterion, retire_criterion, told
from postmarket.matching.store import runs
from postmarket.matching.store.engine import Connection
from postmarket.matching.store.records import RecordWriter
from postmarket.sources.interface import Criterion, Node, Operator, Record, Source
from tests.builders import NOW, Match, Tell, component, nvd_range, record

ZLIB = component("zlib", "1.2.11")
OPENSSL = component("openssl", "1.1.1")
WRONG = nvd_range("a:zlib:zlib", "1.2.12")
LATER = "2026-11-23T00:00:00Z"


def said(store: Connection, name: str = "CVE-1") -> Told:
    """What NVD says of a CVE now."""
    found = told(store, source="nvd", record=name)
    assert found is not None
    return found


def retire(store: Connection, name: str = "CVE-1", position: int = 0) -> str:
    """Retire one criterion; its fingerprint."""
    mark = said(store, name).fingerprint(position)
    retire_criterion(store, source="nvd", record=name, mark=mark, why="it means another zlib")
    return mark


def grades(match: Match, *components: object) -> list[Grade]:
    """How sure a scan of a device is of each match."""
    return [item.grade for item in match(*components).matches]


@pytest.fixture
def zlib(store: Connection, tell: Tell) -> int:
    """A portfolio that holds zlib, and a CVE about it."""
    tell(record("CVE-1", WRONG, nvd_range("a:openssl:openssl", "1.1.2")))
    (kept,) = keep_identities(store, [identity(ZLIB, builtin())])
    rematch(store)
    return kept


def test_a_retired_criterion_makes_no_row_and_says_why(store: Connection, match: Match, zlib: int) -> None:
    """Neither in the stored portfolio nor in a scan, where it stays to be seen with the reason."""
    assert grades(match, ZLIB) == [Grade.CONFIRMED]

    retire(store)

    assert zlib not in matches_of(store, 1)
    (found,) = match(ZLIB).matches
    assert found.grade is Grade.CONTRADICTED
    assert found.evidence[0].notes == ("retired for the whole portfolio: it means another zlib",)


def test_other_criteria_of_the_record_go_on(store: Connection, match: Match, zlib: int) -> None:
    """Only the one that is wrong is left out."""
    retire(store)

    assert grades(match, OPENSSL) == [Grade.CONFIRMED]


def test_taking_it_back_brings_every_match_back(store: Connection, match: Match, zlib: int) -> None:
    """As if nothing had been."""
    before = matches_of(store, 1)
    mark = retire(store)

    restore_criterion(store, source="nvd", record="CVE-1", mark=mark)

    assert matches_of(store, 1) == before
    assert grades(match, ZLIB) == [Grade.CONFIRMED]
    assert not is_retired(store, source="nvd", record="CVE-1", mark=mark)


def test_the_same_words_in_a_changed_record_stay_retired(
    store: Connection, tell: Tell, match: Match, zlib: int
) -> None:
    """At another place of the record, with another description: the source still says the same of the product."""
    mark = retire(store)

    tell(record("CVE-1", nvd_range("a:acme:new", "2"), WRONG, modified=LATER, description="edited"))
    rematch_changes(store)

    assert said(store).positions(mark) == (1,)
    assert zlib not in matches_of(store, 1)
    assert grades(match, ZLIB) == [Grade.CONTRADICTED]


def test_words_the_source_changed_match_again(store: Connection, tell: Tell, match: Match, zlib: int) -> None:
    """What was retired is gone; what the source says now, nobody has judged."""
    mark = retire(store)

    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.13"), modified=LATER))
    rematch_changes(store)

    assert said(store).positions(mark) == ()
    assert set(matches_of(store, 1)) == {zlib}
    assert grades(match, ZLIB) == [Grade.CONFIRMED]


def test_what_is_retired_while_a_load_runs_does_not_come_back_with_it(
    store: Connection, match: Match, zlib: int
) -> None:
    """The load began before and writes after."""
    run = runs.begin(store, Source.NVD, now=NOW)
    writer = RecordWriter(store, source="nvd", run_id=run.id, generation=run.generation)

    retire(store)
    writer.add(record("CVE-1", WRONG, modified=LATER, description="edited"))
    writer.flush()
    runs.publish(store, run, now=NOW)
    rematch_changes(store)

    assert zlib not in matches_of(store, 1)
    assert grades(match, ZLIB) == [Grade.CONTRADICTED]


def test_what_is_retired_between_writing_and_publishing_stays_so(store: Connection, match: Match, zlib: int) -> None:
    """The staged rows are flagged with the visible ones."""
    run = runs.begin(store, Source.NVD, now=NOW)
    writer = RecordWriter(store, source="nvd", run_id=run.id, generation=run.generation)
    writer.add(record("CVE-1", WRONG, modified=LATER, description="edited"))
    writer.flush()

    retire(store)
    runs.publish(store, run, now=NOW)
    rematch_changes(store)

    assert zlib not in matches_of(store, 1)


def test_the_effect_is_told_before_anything_changes(store: Connection, tell: Tell) -> None:
    """What ends, and what goes on by another criterion of the same record."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12"), nvd_range("a:zlib:zlib", "1.2.6")))
    new, old = keep_identities(store, [identity(component("zlib", at), builtin()) for at in ("1.2.11", "1.2.5")])
    rematch(store)
    before = matches_of(store, 1)

    told_before = effect(store, said(store), said(store).fingerprint(0))

    assert set(told_before.lost) == {new}
    assert {identity_id: evidence.position for identity_id, evidence in told_before.changed.items()} == {old: 1}
    assert matches_of(store, 1) == before
    retire(store)
    assert matches_of(store, 1) == {old: told_before.changed[old]}


def test_a_retired_platform_fulfils_no_condition(store: Connection, tell: Tell, match: Match) -> None:
    """The configuration is open again: the device does not state what the source asks for."""
    os = nvd_range("o:acme:os", "9", vulnerable=False)
    told_once = record("CVE-1", WRONG, os, conditions=(both(0, 1),))
    tell(told_once)
    device = (ZLIB, component("os", "5", cpes=("cpe:2.3:o:acme:os:5:*:*:*:*:*:*:*",)))
    assert grades(match, *device) == [Grade.CONFIRMED]

    retire(store, position=1)

    assert grades(match, *device) == [Grade.UNVERIFIED]


def both(*positions: int) -> Node:
    """A configuration that needs each of these criteria."""
    return Node(Operator.AND, nodes=tuple(Node(Operator.OR, (position,)) for position in positions))


@pytest.mark.parametrize(
    "changed",
    [
        nvd_range("a:zlib:zlib", "1.2.12", since="1.2.0"),
        nvd_range("a:zlib:zlib2", "1.2.12"),
        nvd_range("a:zlib:zlib", "1.2.12", attributes="*:*:*:*:windows:*:*"),
        nvd_range("a:zlib:zlib", "1.2.12", vulnerable=False),
    ],
    ids=["range", "product", "attributes", "role"],
)
def test_whatever_the_source_changes_of_it_makes_another_criterion(changed: Criterion) -> None:
    """So that nobody's word on the old one hides the new one."""
    assert marks(record("CVE-1", WRONG)) != marks(record("CVE-1", changed))


def test_a_condition_that_is_new_makes_another_criterion() -> None:
    """The source now says it of another device."""
    os = nvd_range("o:acme:os", "9", vulnerable=False)
    alone, conditional = record("CVE-1", WRONG, os), record("CVE-1", WRONG, os, conditions=(both(0, 1),))

    assert marks(alone)[0] != marks(conditional)[0]


def marks(said: Record) -> list[str]:
    """The fingerprints of a record's criteria."""
    where = Told(1, 1, said)
    return [where.fingerprint(position) for position in range(len(said.criteria))]
