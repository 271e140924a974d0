"""`postmarket sbom`: what an SBOM lacks, and what changed between two."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from postmarket.cli.console import console, print_json
from postmarket.cli.exit_codes import Exit
from postmarket.cli.inputs import piped, say
from postmarket.errors import PostmarketError, visible
from postmarket.sbom.difference import diff as difference
from postmarket.sbom.errors import SbomError
from postmarket.sbom.profiles import load_profile
from postmarket.sbom.quality import check as quality
from postmarket.worklist.errors import WorklistError
from postmarket.worklist.inputs import boms, piped_bom
from postmarket.worklist.notices import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from rich.console import Console

    from postmarket.sbom.difference import Change, Difference
    from postmarket.sbom.interface import Bom, Component
    from postmarket.sbom.quality import Finding, QualityReport, RuleResult
    from postmarket.worklist.inputs import Item

MOST_NAMES = 6


def check(inputs: Sequence[Path], profile: str, *, as_json: bool) -> Exit:
    """Hold every SBOM against a profile; exit 1 when an element the profile demands is missing."""
    asked = load_profile(profile)
    found, refused = _gather(inputs)
    reports = [(name, bom, quality(bom, asked)) for name, bom in found]
    if as_json:
        print_json([_report_values(name, bom, report) for name, bom, report in reports])
    else:
        screen = console()
        for name, bom, report in reports:
            _print_report(screen, name, bom, report)
    if any(report.errors for _, _, report in reports):
        return Exit.RULE
    if refused:
        return Exit.PARTLY
    return Exit.OK if any(bom.components for _, bom, _ in reports) else Exit.NOTHING_MATCHED


def _gather(inputs: Sequence[Path]) -> tuple[list[tuple[str, Bom]], list[PostmarketError]]:
    """Every SBOM and every refusal; what a person should know is said on standard error."""
    found: list[tuple[str, Bom]] = []
    refused: list[PostmarketError] = []
    seen: set[Path] = set()
    for item in (item for path in inputs for item in _read(path, seen)):
        if isinstance(item, PostmarketError):
            refused.append(item)
        elif isinstance(item, Notice):
            say([item])
        else:
            found.append(item)
    say(Notice(f"{name}: the SBOM lists no component.") for name, bom in found if not bom.components)
    if not found and not refused:
        where = ", ".join(map(str, inputs))
        raise SbomError("There is no SBOM here", where=where, next_step="Give CycloneDX or SPDX files.")
    for error in refused:
        sys.stderr.write(f"postmarket: {error.line()}\n")
    return found, refused


def diff(old: Path, new: Path, *, as_json: bool) -> Exit:
    """Say what changed between two SBOMs."""
    found = difference(_one(old), _one(new))
    if as_json:
        print_json(_difference_values(found))
    else:
        _print_difference(console(), found)
    return Exit.OK


def _read(path: Path, seen: set[Path]) -> Iterable[Item]:
    """Every SBOM at `path`, none of them in `seen`, or why it cannot be read. Raises WorklistError for a wrong path."""
    content = piped([path])
    if content is not None:
        return [piped_bom(content)]
    if not path.exists():
        raise WorklistError("There is no such file or folder", where=str(path), next_step="Check the path.")
    return boms(path, seen=seen)


def _one(path: Path) -> Bom:
    if path.is_dir():
        raise SbomError(
            "This is a folder, and two single SBOMs are compared",
            where=str(path),
            next_step="Name one SBOM file of each state: postmarket sbom diff OLD.json NEW.json",
        )
    first, *more = _read(path, set())
    if isinstance(first, PostmarketError):
        raise first
    if more or isinstance(first, Notice):
        raise SbomError("This holds more than one SBOM", where=str(path), next_step="Unpack it and name the one.")
    return first[1]


def _print_report(screen: Console, name: str, bom: Bom, report: QualityReport) -> None:
    from rich.table import Table
    from rich.text import Text

    verdict = "meets" if not report.errors else "does not meet"
    screen.print(Text(visible(f"{name} {verdict} {report.profile.title}: {report.score:.0f} %"), style="bold"))
    screen.print(Text(visible(f"{bom.format.value} {bom.spec_version}, {len(bom.components)} components"), style="dim"))
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("element", "", "there", "missing", "whose rule"):
        table.add_column(column, justify="right" if column in {"there", "missing"} else "left")
    for result in report.results:
        table.add_row(
            result.rule.title,
            _mark(result),
            str(result.passed),
            str(result.failed) if result.failed else "",
            visible(result.rule.authority),
            style="red" if result.failed and result.rule.level == "error" else "",
        )
    screen.print(table)
    for result in report.results:
        if result.failed:
            _print_findings(screen, result, [one for one in report.findings if one.rule.id == result.rule.id])
    cited = dict.fromkeys(f"{one.rule.authority}: {one.rule.citation}" for one in report.results)
    for citation in cited:
        screen.print(Text(visible(f"  {citation}"), style="dim"))
    for warning in bom.warnings[:MOST_NAMES]:
        screen.print(Text(visible(f"  odd: {warning}"), style="dim"))
    if len(bom.warnings) > MOST_NAMES:
        screen.print(Text(f"  … and {len(bom.warnings) - MOST_NAMES} more that are odd", style="dim"))
    screen.print()


def _print_findings(screen: Console, result: RuleResult, findings: Sequence[Finding]) -> None:
    from rich.text import Text

    named = [_named(one) for one in findings if one.name or one.ref]
    listed = ", ".join(named[:MOST_NAMES]) + (f" and {len(named) - MOST_NAMES} more" if len(named) > MOST_NAMES else "")
    screen.print(Text(visible(f"  {result.rule.title} missing{': ' if listed else ''}{listed}. {result.rule.fix}")))


def _named(finding: Finding) -> str:
    what = f"{finding.name or finding.ref} {finding.version}".strip()
    return f"{what} ({finding.place})" if finding.place else what


def _mark(result: RuleResult) -> str:
    if not result.failed:
        return "ok"
    return "missing" if result.rule.level == "error" else "warning"


def _print_difference(screen: Console, found: Difference) -> None:
    from rich.text import Text

    if found.is_empty:
        screen.print("Nothing changed.")
        return
    lines = [
        *((f"added    {_label(one)}", "green") for one in found.added),
        *((f"removed  {_label(one)}", "red") for one in found.removed),
        *((f"version  {one.new.name} {_moved(one)}", "") for one in found.changed),
        *((f"lost     {_label(one.new)}: {', '.join(one.lost)}", "yellow") for one in found.lost_data),
    ]
    for line, style in lines:
        screen.print(Text(visible(line), style=style))
    screen.print(
        f"\n{len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed version, "
        f"{len(found.lost_data)} lost data."
    )


def _moved(change: Change) -> str:
    return f"{change.old.version or '(none)'} → {change.new.version or '(none)'}"


def _label(component: Component) -> str:
    return f"{component.name} {component.version}".strip()


def _report_values(name: str, bom: Bom, report: QualityReport) -> dict[str, object]:
    return {
        "sbom": name,
        "sha256": bom.sha256,
        "profile": report.profile.name,
        "score_percent": round(report.score, 1),
        "errors": report.errors,
        "rules": [
            {
                "id": one.rule.id,
                "title": one.rule.title,
                "level": one.rule.level,
                "authority": one.rule.authority,
                "citation": one.rule.citation,
                "passed": one.passed,
                "failed": one.failed,
            }
            for one in report.results
        ],
        "findings": [
            {
                "rule": one.rule.id,
                "ref": one.ref,
                "name": one.name,
                "version": one.version,
                "place": one.place,
                "problem": one.problem,
                "fix": one.rule.fix,
            }
            for one in report.findings
        ],
        "unpinned": report.unpinned,
        "warnings": bom.warnings,
    }


def _difference_values(found: Difference) -> dict[str, object]:
    return {
        "added": [_component_values(one) for one in found.added],
        "removed": [_component_values(one) for one in found.removed],
        "changed": [_change_values(one) for one in found.changed],
        "lost_data": [{**_change_values(one), "lost": one.lost} for one in found.lost_data],
    }


def _component_values(component: Component) -> dict[str, object]:
    return {"name": component.name, "version": component.version, "purl": component.purl, "place": component.place}


def _change_values(change: Change) -> dict[str, object]:
    return {"name": change.new.name, "old": change.old.version, "new": change.new.version, "purl": change.new.purl}
