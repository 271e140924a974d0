"""Criteria the firm has retired: wrong in their source, left out of every match until the source changes them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postmarket.matching.store.engine import Connection
    from postmarket.sources.interface import Criterion, Node, Record

_encode = msgspec.json.Encoder().encode


def fingerprint(criterion: Criterion, *, conditional: bool) -> str:
    """
    The 24 hexadecimal digits by which a criterion is known again, made of its source's words alone.

    The same words read anew, at another place of the record or by a later postmarket, have the same; a product, range,
    attribute or condition that the source changed has another. `conditional` says that it stands in a configuration.
    """
    words = (
        criterion.kind.value,
        criterion.name,
        criterion.text,
        criterion.range.scheme.value,
        criterion.certainty.value,
        criterion.attributes,
        criterion.vulnerable,
        criterion.exact,
        conditional,
    )
    return hashlib.blake2b(_encode(words), digest_size=12).hexdigest()


def retired(connection: Connection, source: str) -> dict[str, dict[str, str]]:
    """What is retired of a source: by the record's name, each fingerprint with its reason."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for record, mark, why in connection.execute(
        "SELECT record, fingerprint, why FROM retired_criterion WHERE source = ?", (source,)
    ):
        found[record][mark] = why
    return dict(found)


def reasons(record: Record, marks: Mapping[str, str]) -> dict[int, str]:
    """The positions of a record's criteria whose fingerprint is among `marks`, each with its reason."""
    conditional = conditional_positions(record.conditions)
    found = {}
    for position, criterion in enumerate(record.criteria):
        why = marks.get(fingerprint(criterion, conditional=position in conditional))
        if why is not None:
            found[position] = why
    return found


def conditional_positions(conditions: tuple[Node, ...]) -> frozenset[int]:
    """The positions of all criteria that stand in any of `conditions`."""
    positions: set[int] = set()
    for node in conditions:
        positions.update(node.criteria)
        positions.update(conditional_positions(node.nodes))
    return frozenset(positions)
