"""What changed between two SBOMs of one device: components added, removed, at another version, and data lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.sbom.interface import SupportLevel

if TYPE_CHECKING:
    from postmarket.sbom.interface import Bom, Component

    _Identities = Callable[[Component], tuple[str, ...]]


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
    left_old, left_new = list(old.components), list(new.components)
    pairs: list[tuple[Component, Component]] = []
    for identities in (_purl_identity, _cpe_identities, _name_identity):
        found = list(_pair(left_old, left_new, identities))
        pairs.extend(found)
        paired_old, paired_new = {id(a) for a, _ in found}, {id(b) for _, b in found}
        left_old = [one for one in left_old if id(one) not in paired_old]
        left_new = [one for one in left_new if id(one) not in paired_new]
    order = {id(one): number for number, one in enumerate(new.components)}
    changes = [Change(a, b, tuple(_lost(a, b))) for a, b in sorted(pairs, key=lambda pair: order[id(pair[1])])]
    return Difference(
        added=tuple(left_new),
        removed=tuple(left_old),
        changed=tuple(one for one in changes if one.version_changed),
        lost_data=tuple(one for one in changes if one.lost),
    )


def _pair(
    old: Sequence[Component], new: Sequence[Component], identities: _Identities
) -> Iterator[tuple[Component, Component]]:
    """Pairs that share an identity, those of equal version before the others; each component once."""
    waiting: dict[str, list[Component]] = defaultdict(list)
    for one in old:
        for identity in identities(one):
            waiting[identity].append(one)
    used: set[int] = set()
    for same_version in (True, False):
        for one in new:
            if id(one) in used:
                continue
            for identity in identities(one):
                candidates = (
                    candidate
                    for candidate in waiting.get(identity, ())
                    if id(candidate) not in used
                    and (not same_version or candidate.version == one.version)
                    and _may_be_same(candidate, one, identities)
                )
                partner = next(candidates, None)
                if partner is not None:
                    used.update((id(partner), id(one)))
                    yield partner, one
                    break


def _may_be_same(old: Component, new: Component, identities: _Identities) -> bool:
    """Below the purl, two components that both carry a purl are told apart by it: other purl, other component."""
    return identities is _purl_identity or not (old.purl and new.purl)


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
