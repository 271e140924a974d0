"""
Identities matched each by itself: what `devices.match_device` says of a device that holds nothing else.

A stored portfolio keeps this once per identity; what another component, a profile or a patch changes on one device
version is kept for that version alone.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from postmarket.matching.devices import NO_PROFILE, by_group, surest_first, told_by_distributions
from postmarket.matching.grading import grade, settle_backports
from postmarket.matching.join import join
from postmarket.matching.store.flags import Flag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postmarket.matching.interface import Evidence, Identity
    from postmarket.matching.join import Hit
    from postmarket.matching.store.engine import Connection

CONDITION = Flag.CONDITION.value


def match_alone(connection: Connection, identities: Sequence[Identity]) -> list[Mapping[int, tuple[Evidence, ...]]]:
    """For each identity the alias groups that hit it, each with its evidence, surest first."""
    joined = join(connection, identities)
    plain: list[Hit] = []
    conditional: dict[int, list[Hit]] = defaultdict(list)
    for hit in joined.hits:
        if hit.flags & CONDITION:
            conditional[hit.wanted.identity].append(hit)
        else:
            plain.append(hit)
    found = grade(connection, plain, identities, NO_PROFILE)
    for hits in conditional.values():
        # A configuration is fulfilled by what one device holds, never by what two happen to hold.
        for key, graded in grade(connection, hits, identities, NO_PROFILE).items():
            found.setdefault(key, []).extend(graded)
    grouped = by_group(connection, found, of=len(identities))
    settled = settle_backports(grouped, identities, told_by_distributions(connection, joined, identities))
    by_identity: list[dict[int, tuple[Evidence, ...]]] = [{} for _ in identities]
    for (index, group), evidence in settled.items():
        by_identity[index][group] = tuple(surest_first(evidence))
    return list(by_identity)
