"""Identities and devices drawn from a feed with a fixed seed, leaning towards what is hard to get right."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.feed import Cve, Feed, Leaf

ANY_ATTRIBUTES = ("*",) * 7
"""update, edition, language, sw_edition, target_sw, target_hw, other."""
UPDATES = ("-", "*", "p1", "sp1", "sp2", "sp4", "rc1", "update_3", "beta", "P1")
STRANGE = (
    "", "unknown", "master", "*", "1.*", "1.0,1.1", ">=1.0", "1.0;2.0", "1.0|2", "n/a", "latest",
    "c4f81d9616d40c60584e36abb15300853a66e489", "c4f81d9616d4", "C4F81D9616D40C60", "c4f81d9616d",
    "1" * 40, "9" * 200, "0", "0.0.0", "v1", "Version 1.2", "ver_1.2",
    "1.0 beta 2", "1.0b2", "1.0.2b", "6.0.0-M1", "15.2(4)m1", "20-ea", "12.1(22)ea1", "4.1.2_b20211224", "1.0.2za",
    "7.0_update_79", "7.0u80", "r2", "2023-01-05", "1.8.0_292", "1:2.0", "1.0~rc1", "1.0+build.5", "1.2-g3602a5d",
    "v.1.0", "v-1.0", "V 2", "1.0-lts", "release-3", "1.0.0-canary.12", "1..2", "1.0-pre-alpha", "\u0661.0", "1\t0",
    "1.0\u00e9", "1.0\u00a0", "final", "1.0-final-rc1", "0-rc1", "00012.0003", "1.0a", "1.0a1", "1.0-a-1", "1.0m1",
    "1.0-m1234", "1.2.3-ea", "1.2.3ea1", "2.0 patch 3", "2.0p3", "5.0-hotfix1", "5.0hf1", "3.0 revision 2", "3.0r2",
)  # fmt: skip
"""Versions as people write them, and what is no version."""


@dataclass(frozen=True)
class Sampled:
    """A component to ask both about; `version` is what the list says beside the CPE."""

    cpe: str
    version: str


class Sampler:
    """Draws from one feed; the same seed draws the same."""

    def __init__(self, feed: Feed, *, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a sample, not a secret
        self._feed = feed
        leaves = [leaf for cve in feed.cves for leaf in cve.leaves]
        self._with_and = [
            cve for cve in feed.cves if any(configuration.operator == "AND" for configuration in cve.configurations)
        ]
        self._pools: list[list[Leaf]] = [
            leaves,
            [leaf for cve in self._with_and for leaf in cve.leaves],
            [leaf for leaf in leaves if any(value.written != "*" for value in leaf.cpe.narrowing)],
            [leaf for leaf in leaves if _is_odd(leaf)],
            # Once per product: the many small ones count as much as Linux.
            list({leaf.cpe.product_key: leaf for leaf in leaves}.values()),
            [leaf for leaf in leaves if leaf.cpe.product_is_pattern or leaf.cpe.states_update],
        ]

    def identities(self, number: int) -> list[Sampled]:
        """Components that each stand alone on their device."""
        pools = [pool for pool in self._pools if pool]
        return [self.near(self._random.choice(pools[turn % len(pools)])) for turn in range(number)]

    def devices(self, number: int) -> list[list[Sampled]]:
        """Devices of two to six components, most of them named together by one CVE's configurations."""
        return [self._device(self._random.choice(self._with_and)) for _ in range(number)]

    def _device(self, cve: Cve) -> list[Sampled]:
        vulnerable = [leaf for leaf in cve.leaves if leaf.vulnerable]
        others = [leaf for leaf in cve.leaves if not leaf.vulnerable] or vulnerable
        leaves = [self._random.choice(vulnerable or others), self._random.choice(others)]
        leaves += self._random.choices(cve.leaves, k=self._random.randint(0, 3))
        device = [self.near(leaf, hard=False) for leaf in leaves]
        if self._random.random() < 0.5:
            device.append(self.near(self._random.choice(self._pools[0])))
        return device

    def near(self, leaf: Leaf, *, hard: bool = True) -> Sampled:
        """A component of the leaf's product with a version in or about some range of that product."""
        siblings = [leaf]
        if self._random.random() < 0.5:
            named = self._random.choice(self._feed.by_product[leaf.cpe.product_key])
            siblings = [each for each in named.leaves if each.cpe.product_key == leaf.cpe.product_key]
        version = self._version(self._random.choice(siblings), hard=hard)
        attributes = self._attributes(leaf, hard=hard)
        product = ":".join(self._of_pattern(written) for written in leaf.cpe.product_key)
        inside = _can_be_in_cpe(version) and self._random.random() < 0.6
        in_cpe = ":".join((_quoted(version) if inside else self._random.choice("**-"), *attributes))
        return Sampled(cpe=f"cpe:2.3:{product}:{in_cpe}", version=version)

    def _version(self, leaf: Leaf, *, hard: bool) -> str:
        own = [leaf.cpe.full_version, leaf.cpe.version.plain] if leaf.cpe.states_version else []
        known = [*leaf.bounds.values(), *own]
        if not known or self._random.random() < 0.1:
            return self._invented() if not hard or self._random.random() < 0.5 else self._random.choice(STRANGE)
        changes = _CHANGES if hard else _CHANGES[:6]
        return self._random.choice(changes)(self._random.choice(known), self._random)

    def _of_pattern(self, written: str) -> str:
        """A name that the pattern may hold; what is none is itself."""
        return re.sub(r"(?<!\\)[*?]", lambda _: self._random.choice(("", "_", "_pro", r"\:7")), written) or "any"

    def _invented(self) -> str:
        parts = [str(self._random.choice((0, 1, 2, 3, 5, 10, 99, 2021))) for _ in range(self._random.randint(1, 4))]
        return ".".join(parts) + self._random.choice(("", "", "", "a", "-rc1", "b2", "p1", "-SNAPSHOT", "_u3"))

    def _attributes(self, leaf: Leaf, *, hard: bool) -> tuple[str, ...]:
        drawn = self._random.random()
        own = [
            leaf.cpe.update.written,
            leaf.cpe.narrowing[0].written,
            "*",
            *(value.written for value in leaf.cpe.narrowing[1:]),
        ]
        if drawn < (0.3 if hard else 0.1):
            return ANY_ATTRIBUTES
        if drawn < 0.7:
            return tuple(own)
        if drawn < 0.85:
            place = self._random.randrange(1, 7)
            other = self._random.choice(("-", "linux", "pro", "word*", "node.js", "en", "??x", "wordpress"))
            return tuple(other if number == place else value for number, value in enumerate(own))
        if drawn < 0.9:
            return ("*", *("-" * 6))
        return (self._random.choice(UPDATES), *own[1:])


def _is_odd(leaf: Leaf) -> bool:
    """Wildcards, no version, unreadable bounds, updates, letters: what a plain comparison gets wrong."""
    texts = [*leaf.bounds.values(), leaf.cpe.full_version]
    return (
        leaf.range is None
        or leaf.range == (None, None)
        or leaf.cpe.states_update
        or any(re.search(r"[A-Za-z~+(*]", text) for text in texts if text != "*")
    )


def _last_number(version: str, by: int) -> str:
    """The version whose last number is `by` more, at least zero."""
    return re.sub(r"[0-9]+(?!.*[0-9])", lambda found: str(max(0, int(found[0]) + by)), version, flags=re.DOTALL)


_CHANGES: list[Callable[[str, random.Random], str]] = [
    lambda version, _: version,
    lambda version, _: version,
    lambda version, _: _last_number(version, -1),
    lambda version, _: _last_number(version, 1),
    lambda version, _: version + ".1",
    lambda version, _: version + ".0",
    lambda version, _: version + "-rc1",
    lambda version, _: version + "-dev",
    lambda version, _: version + "a",
    lambda version, _: version + "b1",
    lambda version, _: version + "-p1",
    lambda version, _: "v" + version,
    lambda version, _: version.upper(),
    lambda version, _: version.replace(".", "_"),
    lambda version, _: re.sub(r"[0-9]+", lambda found: "0" + found[0], version),
    lambda version, _: version.rpartition(".")[0] or version,
    lambda version, rolls: f"{rolls.randint(0, 20)}.{rolls.randint(0, 40)}.{version}",
    lambda version, _: "".join(reversed(version)),
]
"""What to make of a bound: first those that make a likely version of a shipped component."""


def _can_be_in_cpe(version: str) -> bool:
    """Whether a CPE name can hold it: something, of printable ASCII without spaces, and not `-` alone."""
    return version not in {"", "-"} and all("!" <= character <= "~" for character in version)


def _quoted(text: str) -> str:
    return re.sub(r"([^A-Za-z0-9._-])", r"\\\1", text)


def changed(version: str, rolls: random.Random) -> str:
    """A neighbour, another spelling or a ruin of a version."""
    return rolls.choice(_CHANGES)(version, rolls)
