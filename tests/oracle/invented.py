"""Feeds and devices made up at random: negated and nested configurations, which the real feed does not have."""

from __future__ import annotations

import random
from typing import Any

from tests.oracle.sampling import Sampled

PRODUCTS = ("a:acme:app", "a:acme:lib", "a:acme:tool", "o:acme:os", "h:acme:box")
VERSIONS = ("0.9", "1.0", "1.1-rc1", "1.1", "1.1p2", "2.0", "2.0.1", "3")
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
        """One to four components, each of another product, all with a version that can be ordered."""
        products = self._random.sample(PRODUCTS, self._random.randint(1, 4))
        return [self._component(product) for product in products]

    def _component(self, product: str) -> Sampled:
        version, target = self._random.choice(VERSIONS), self._random.choice(("*", "linux", "windows", "-"))
        update = self._random.choice(("*", "*", "-", "p2"))
        return Sampled(cpe=f"cpe:2.3:{product}:{version}:{update}:*:*:*:{target}:*:*", version=version)

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
        version = self._random.choice(("*", "*", "*", "*", "-", "1.*", *VERSIONS))
        update = self._random.choice(("*", "*", "*", "-", "p2"))
        name = f"cpe:2.3:{self._random.choice(PRODUCTS)}:{version}:{update}:*:*:*:{self._random.choice(TARGETS)}:*:*"
        made: dict[str, Any] = {"criteria": name, "vulnerable": self._random.random() < 0.6}
        if version == "*":
            for end in ("Start", "End"):
                if self._random.random() < 0.5:
                    kind = self._random.choice(("Including", "Excluding"))
                    made[f"version{end}{kind}"] = self._random.choice((*VERSIONS, *VERSIONS, "unknown", "2.x"))
        return made
