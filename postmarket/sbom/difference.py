"""What changed between two SBOMs of one device: components added, removed, at another version, and data lost."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.sbom.interface import SupportLevel

if TYPE_CHECKING:
    from postmarket.sbom.interface import Bom, Component

    _Identities = Callable[[Component], tuple[str, ...]]

_NONE: deque[int] = deque()


@dataclass(frozen=True, slots=True)
class Change:
    """The same component in the old and the new SBOM; `lost` names the data the old had and the new lacks."""

    old: Component
    new: Component
    lost: tuple[str, ...] = ()

    @property
    def version_changed(self) -> bool:
        """Whether the two versions, as written, differ."""
        return self.old.version != self.new.version


@dataclass(frozen=True, slots=True)
class Difference:
    """`changed` are at another version, `lost_data` lack something they had; a component may be in both."""

    added: tuple[Component, ...]
    removed: tuple[Component, ...]
    changed: tuple[Change, ...]
    lost_data: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.added or self.removed or self.changed or self.lost_data)


def diff(old: Bom, new: Bom) -> Difference:
    """
    What `new` adds, removes, changes and loses against `old`, each in the order of its own file.

    Two components are the same when their purl without version is; where a side has no purl, when they share the
    part, vendor and product of a CPE; else by group and name. Of several versions of one component, equal versions
    are paired first and the rest in order.
    """
    left_old, left_new = dict(enumerate(old.components)), dict(enumerate(new.components))
    pairs: list[tuple[int, int]] = []
    for identities in (_purl_identity, _cpe_identities, _name_identity):
        found = list(_pair(left_old, left_new, identities))
        pairs.extend(found)
        for old_number, new_number in found:
            del left_old[old_number], left_new[new_number]
    pairs.sort(key=lambda pair: pair[1])
    together = ((old.components[a], new.components[b]) for a, b in pairs)
    changes = [Change(a, b, tuple(_lost(a, b))) for a, b in together]
    return Difference(
        added=tuple(left_new.values()),
        removed=tuple(left_old.values()),
        changed=tuple(one for one in changes if one.version_changed),
        lost_data=tuple(one for one in changes if one.lost),
    )


def _pair(
    old: Mapping[int, Component], new: Mapping[int, Component], identities: _Identities
) -> Iterator[tuple[int, int]]:
    """Numbers of those that share an identity, those of equal version before the others; each only once."""
    paired_old: set[int] = set()
    paired_new: set[int] = set()
    for by_version in (True, False):
        waiting: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
        for number, one in old.items():
            if number not in paired_old:
                for identity in identities(one):
                    waiting[_key(identity, one, by_version, bool(one.purl))].append(number)
        for number, one in new.items():
            if number in paired_new:
                continue
            # Below the purl, two components that both carry one are told apart by it.
            sides = (True,) if identities is _purl_identity else (False,) if one.purl else (False, True)
            keys = [_key(identity, one, by_version, side) for identity in identities(one) for side in sides]
            partner = _next(waiting, keys, paired_old)
            if partner is not None:
                paired_old.add(partner)
                paired_new.add(number)
                yield partner, number


def _key(identity: str, one: Component, by_version: bool, has_purl: bool) -> tuple[str, ...]:
    return (identity, "purl" if has_purl else "", *((one.version,) if by_version else ()))


def _next(waiting: Mapping[tuple[str, ...], deque[int]], keys: list[tuple[str, ...]], paired: set[int]) -> int | None:
    """The first under any of the keys that is not paired yet; those that are leave the queue for good."""
    for key in keys:
        queue = waiting.get(key, _NONE)
        while queue and queue[0] in paired:
            queue.popleft()
        if queue:
            return queue[0]
    return None


def _purl_identity(one: Component) -> tuple[str, ...]:
    bare = one.purl.partition("#")[0].partition("?")[0]
    head, at, _ = bare.rpartition("@")
    return ((head if at and "/" in head else bare).lower(),) if bare else ()


def _cpe_identities(one: Component) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_cpe_product(cpe) for cpe in one.cpes))


def _cpe_product(cpe: str) -> str:
    """Part, vendor and product of a formatted string; a quoted colon does not end a field."""
    return ":".join(cpe.replace("\\:", "\0").split(":")[2:5]).lower()


def _name_identity(one: Component) -> tuple[str, ...]:
    return (f"{one.group}/{one.name}".lower(),) if one.name else ()


def _lost(old: Component, new: Component) -> Iterator[str]:
    """Names of the data `old` has and `new` lacks."""
    had = {
        "supplier": (old.supplier, new.supplier),
        "purl": (old.purl, new.purl),
        "CPE": (old.cpes, new.cpes),
        "licence": (old.licenses, new.licenses),
        "hash": (old.hashes, new.hashes),
        "support level": (_known(old), _known(new)),
        "end of support": (old.end_of_support, new.end_of_support),
    }
    return (name for name, (before, after) in had.items() if before and not after)


def _known(one: Component) -> bool:
    return one.support_level is not SupportLevel.UNKNOWN
