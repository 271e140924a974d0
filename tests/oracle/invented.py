"""Feeds and devices made up at random: negated and nested configurations, which the real feed does not have."""

from __future__ import annotations

import random
from typing import Any

from tests.oracle.sampling import Sampled

PRODUCTS = ("a:acme:app", "a:acme:lib", r"a:acme:tool\:7", "o:acme:os", "h:acme:box", r"a:acme\\:node.js")
SAME = {"o:acme:os": r"o:ac\me:o\s", r"a:acme\\:node.js": r"a:acme\\:node\.js", r"a:acme:tool\:7": r"a:acme:tool\:\7"}
"""Another spelling of a product, with needless backslashes."""
PATTERNS = (r"a:acme:tool\:*", "a:acme:?????", "a:ac*:lib", "a:*:app", r"a:acme\\*:*")
VERSIONS = ("0.9", "1.0", "1.1-rc1", "1.1", "1.1p2", "2.0", "2.0.1", "3")
WILDCARDS = ("1.*", "1.1*")
ODD = ("unknown", "2.x", "2.*", "1.1*", "c4f81d9616d4")
UPDATES = ("*", "*", "*", "-", "p2", "P2")
TARGETS = ("*", "*", "*", "linux", "windows", "-", "win*")


class Inventor:
    """Makes things up; the same seed makes up the same."""

    def __init__(self, *, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a sample, not a secret

    def feed(self, number: int) -> dict[str, Any]:
        """A feed of `number` CVEs, as NVD writes one."""
        cves = [
            {"cve": {"id": f"CVE-2020-{10000 + each}", "vulnStatus": self._status(), "configurations": self._several()}}
            for each in range(number)
        ]
        return {"format": "NVD_CVE", "version": "2.0", "totalResults": number, "vulnerabilities": cves}

    def device(self) -> list[Sampled]:
        """One to five components, now and then two of one product."""
        return [self._component(self._random.choice(PRODUCTS)) for _ in range(self._random.randint(1, 5))]

    def _component(self, product: str) -> Sampled:
        version, target = self._random.choice(VERSIONS), self._random.choice(("*", "linux", "windows", "-"))
        update, roll = self._random.choice(UPDATES), self._random.random()
        listed = "c4f81d9616d4" if roll < 0.05 else "" if roll < 0.15 else version
        inside = version if roll > 0.3 else self._random.choice("*-")
        return Sampled(cpe=f"cpe:2.3:{product}:{inside}:{update}:*:*:*:{target}:*:*", version=listed)

    def _status(self) -> str:
        return "Rejected" if self._random.random() < 0.03 else "Analyzed"

    def _several(self) -> list[dict[str, Any]]:
        return [self._branch(depth=0) for _ in range(self._random.choice((1, 1, 1, 2)))]

    def _branch(self, *, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        operator = self._random.choice(("AND", "OR", None))
        if operator:
            made["operator"] = operator
        if self._random.random() < 0.15:
            made["negate"] = True
        if depth > 0:
            made["cpeMatch"] = [self._leaf() for _ in range(self._random.choice((0, 1, 1, 2, 3)))]
        if depth < 1 or (depth < 3 and self._random.random() < 0.2):
            key = "nodes" if depth < 2 or self._random.random() < 0.5 else "children"
            made[key] = [self._branch(depth=depth + 1) for _ in range(self._random.choice((1, 2, 2, 3)))]
        return made

    def _leaf(self) -> dict[str, Any]:
        version = self._random.choice(("*", "*", "*", "*", "-", r"1\.1", *VERSIONS, *WILDCARDS, ODD[-1]))
        update = "*" if version in WILDCARDS else self._random.choice(UPDATES)
        name = f"cpe:2.3:{self._product()}:{version}:{update}:*:*:*:{self._random.choice(TARGETS)}:*:*"
        made: dict[str, Any] = {"criteria": name, "vulnerable": self._random.random() < 0.6}
        if version == "*":
            for end in ("Start", "End"):
                for kind in ("Including", "Excluding"):
                    if self._random.random() < 0.3:
                        made[f"version{end}{kind}"] = self._random.choice((*VERSIONS, *VERSIONS, *ODD))
        return made

    def _product(self) -> str:
        product, roll = self._random.choice(PRODUCTS), self._random.random()
        return self._random.choice(PATTERNS) if roll < 0.08 else SAME.get(product, product) if roll < 0.3 else product
