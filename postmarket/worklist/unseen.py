"""Why components are not monitored, in a few words each, so that a person sees what to mend first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from postmarket.matching.interface import Coverage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postmarket.matching.interface import ComponentCoverage
    from postmarket.sbom.interface import Component
    from postmarket.worklist.interface import DeviceReport

SEEN = frozenset({Coverage.MATCHED, Coverage.MATCHED_NONE})


def causes(reports: Iterable[DeviceReport]) -> dict[str, int]:
    """How many components of the device versions are not monitored for each cause; the most frequent first."""
    return causes_of(pair for report in reports for pair in report.coverage)


def causes_of(coverage: Iterable[tuple[Component, ComponentCoverage]]) -> dict[str, int]:
    """The same of components, each with its coverage."""
    found = Counter(_cause(component, item) for component, item in coverage if item.state not in SEEN)
    return dict(found.most_common())


def _cause(component: Component, item: ComponentCoverage) -> str:
    if item.state is Coverage.NOT_MONITORABLE:
        return item.why.partition(": ")[0].partition("; ")[0]
    if not component.version:
        return "without version"
    if item.possible_without_version:
        return "with a version that cannot be ordered"
    if not (component.purl or component.cpes or item.suspects):
        return "without purl, CPE or known product name"
    if item.suspects:
        return "known only by a similar name"
    return "known to no loaded source by the name given"
