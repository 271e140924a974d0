"""Alias entries: proposed by one, looked at by a person, and only then part of matching; taken back by retiring."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import pytest

from postmarket import tasks
from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.roles import Role
from postmarket.inventory import hooks
from postmarket.inventory.errors import InvalidAlias
from postmarket.inventory.models import AliasEntry, ComponentIdentity
from postmarket.inventory.queries.alias_table import current_alias_table
from postmarket.inventory.queries.aliases import entries, suggestions
from postmarket.inventory.rules.alias_entry import AliasFields, table_of
from postmarket.inventory.services.aliases.entries import approve_alias, propose_alias, reject_alias, retire_alias
from postmarket.inventory.store import store
from postmarket.matching.aliases import builtin
from postmarket.matching.rematch import rematch
from postmarket.records.models import Entry
from tests.builders import nvd_range, record
from tests.conftest import publish_records
from tests.inventory.given import NOW, component, engineer, uploaded, version

pytestmark = pytest.mark.django_db

TIES = AliasFields(names=("MegaTLS stack",), cpes=("a:mega:megatls",))
WHY = "The supplier's data sheet calls it so."
STACK = component("MegaTLS Stack", "1.4")


@pytest.fixture
def heard() -> Iterator[list[list[int]]]:
    """The versions a listener heard of."""
    said: list[list[int]] = []

    def listener(versions: Collection[int], now: datetime) -> None:
        said.append(list(versions))

    hooks.on_listing_changed(listener)
    yield said
    hooks.forget_listing_listener(listener)


def reviewer(line: DeviceLine | None = None) -> Person:
    """A PSIRT analyst."""
    return engineer("Ana Reed", Role.PSIRT_ANALYST, line)


def proposed(fields: AliasFields = TIES) -> AliasEntry:
    """An entry somebody proposed."""
    return propose_alias(by=reviewer(), fields=fields, why=WHY, now=NOW)


def approved(fields: AliasFields = TIES) -> AliasEntry:
    """An entry that counts, applied."""
    entry = approve_alias(by=reviewer(), entry=proposed(fields), why=WHY, now=NOW)
    tasks.run_due(now=NOW)
    return entry


def known_names() -> set[str]:
    """What the only identity is looked up by."""
    (match_id,) = ComponentIdentity.objects.values_list("match_id", flat=True)
    rows = store().execute("SELECT name FROM identity_name WHERE identity_id = ?", (match_id,))
    return {name for (name,) in rows}


def test_a_proposal_changes_nothing() -> None:
    """Until a person has looked at it."""
    proposed()
    assert current_alias_table() is builtin()


def test_an_approved_entry_makes_a_component_match_and_a_retired_one_unmakes_it() -> None:
    """Through the task that follows, with the whole way to a match in the store."""
    publish_records(store(), [record("CVE-2026-1", nvd_range("a:mega:megatls", "2.0"))])
    uploaded(version(), STACK)
    assert rematch(store()) == 0

    entry = approved()
    assert "a:mega:megatls" in known_names()
    assert rematch(store()) == 1

    retire_alias(by=reviewer(), entry=entry, why="Another product of the same name.", now=NOW)
    tasks.run_due(now=NOW)
    assert "a:mega:megatls" not in known_names()
    assert current_alias_table() is not None
    assert AliasEntry.objects.get().retired_why == "Another product of the same name."


def test_only_the_versions_concerned_are_heard_of(heard: list[list[int]]) -> None:
    """Monitoring matches again what changed, and nothing else."""
    of = version("1")
    uploaded(of, STACK)
    uploaded(version("2"), component("libpng"))
    heard.clear()

    approved()
    assert heard == [[of.pk]]


def test_components_that_come_later_are_kept_by_the_table_of_then() -> None:
    """An SBOM read after the approval needs no second task."""
    approved()
    uploaded(version(), STACK)
    assert "a:mega:megatls" in known_names()


def test_a_suppliers_own_words_lead_to_a_component_of_ours() -> None:
    """CSAF names vendor and product in words; so does what our component is looked up by."""
    approved(AliasFields(names=("MegaTLS stack",), vendor="Mega Software GmbH", product="TLS (embedded)"))
    uploaded(version(), STACK)
    assert "mega_software:tls_embedded" in known_names()


def test_where_the_built_in_table_knows_the_name_too_both_count() -> None:
    """An entry of the firm's must never hide what the built-in table finds."""
    table = builtin()
    name, products = next(iter(table.by_name.items()))
    approved(AliasFields(names=(name,), cpes=("a:mega:fork",)))

    assert current_alias_table().by_name[name] == (*products, "a:mega:fork")


def test_entries_are_decided_once_with_a_record_each() -> None:
    """Proposed, approved, retired: who, when and why of each."""
    entry = approved()
    with pytest.raises(InvalidAlias, match="approved, not proposed"):
        reject_alias(by=reviewer(), entry=entry, why=WHY, now=NOW)
    retire_alias(by=reviewer(), entry=entry, why=WHY, now=NOW)
    with pytest.raises(InvalidAlias, match="retired, not approved"):
        retire_alias(by=reviewer(), entry=entry, why=WHY, now=NOW)

    kinds = Entry.objects.order_by("number").values_list("kind", flat=True)
    assert [kind for kind in kinds if kind.startswith("alias.")] == [
        "alias.proposed",
        "alias.approved",
        "alias.applied",
        "alias.retired",
    ]


def test_approving_takes_the_permission_for_all_lines() -> None:
    """It changes what every device is matched by."""
    pumps = DeviceLine.objects.create(key="pumps", name="Pumps")
    entry = propose_alias(by=reviewer(pumps), fields=TIES, why=WHY, now=NOW)
    with pytest.raises(NotAllowed):
        approve_alias(by=reviewer(pumps), entry=entry, why=WHY, now=NOW)
    with pytest.raises(NotAllowed):
        propose_alias(by=engineer(role=Role.AUDITOR), fields=TIES, why=WHY, now=NOW)


@pytest.mark.parametrize(
    "fields",
    [
        AliasFields(),
        AliasFields(names=("openssl",)),
        AliasFields(cpes=("a:openssl:openssl",)),
        AliasFields(names=("openssl",), cpes=("openssl",)),
        AliasFields(purls=("npm/lodash@4",), cpes=("a:lodash:lodash",)),
        AliasFields(names=("!!",), cpes=("a:lodash:lodash",)),
    ],
)
def test_an_entry_that_could_never_match_is_refused(fields: AliasFields) -> None:
    """At once, not when somebody wonders why nothing matches."""
    with pytest.raises(InvalidAlias):
        table_of(fields)


def test_the_same_is_not_proposed_twice() -> None:
    """There is one to decide on."""
    proposed()
    with pytest.raises(InvalidAlias, match="proposed already"):
        proposed()


def test_a_component_no_source_knows_is_suggested_with_products_of_its_name() -> None:
    """In most versions first; not what is known, not what somebody rejected, not a language's package."""
    publish_records(
        store(),
        [
            record("CVE-2026-1", nvd_range("a:acme:pumpos", "2.0")),
            record("CVE-2026-2", nvd_range("a:acme:lodash", "2.0")),
        ],
    )
    lodash = component("lodash", "4.17.20", purl="pkg:npm/lodash@4.17.20")
    uploaded(version("1"), component("PumpOS"), component("nobody-knows"), lodash)
    uploaded(version("2"), component("PumpOS", "1.1"))

    (found,) = suggestions(engineer())
    assert (found.name, found.versions, found.cpes) == ("PumpOS", 2, ("a:acme:pumpos",))

    entry = proposed(AliasFields(names=("PumpOS",), cpes=("a:acme:pumpos",)))
    reject_alias(by=reviewer(), entry=entry, why="Another maker's.", now=NOW)
    assert suggestions(engineer()) == ()
    assert [row.state for row in entries(engineer())] == ["rejected"]
