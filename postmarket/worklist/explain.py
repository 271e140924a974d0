"""Why a row matched and what to do next, in words; read from the store only for the rows that are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.matching.facts import words
from postmarket.matching.interface import Grade
from postmarket.matching.store.records import in_scheme
from postmarket.policy.interface import Criticality
from postmarket.scoring.interface import Exploitability
from postmarket.versions import cpe
from postmarket.versions.interface import Scheme
from postmarket.versions.keys import key
from postmarket.worklist.interface import Lane, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postmarket.matching.interface import Evidence
    from postmarket.matching.store.engine import Connection
    from postmarket.sources.interface import Record
    from postmarket.worklist.interface import Explained, Row

MOST_EVIDENCE = 4
"""How many reasons a row shows; the surest come first."""
MOST_NEEDS = 2
MOST_UPDATES = 3
ASIDE = {
    Lane.SUPPLIER_NOT_AFFECTED: "Review the supplier's statement and confirm it for this device version.",
    Lane.SUGGESTED_NOT_AFFECTED: "Confirm what contradicts it, and record why the device is not affected.",
    Lane.POSSIBLE: "Read the source and say whether this component is meant.",
}
NO_FIX = "No source states a fixed version: look for a compensating control."
DISPUTED_FIX = (
    "The sources disagree on the fixed version: read the notes, and look for a compensating control until then."
)
PACKAGES = ("pkg:deb/", "pkg:rpm/", "pkg:apk/")
PACKAGE_SCHEMES = frozenset({Scheme.DEB, Scheme.RPM, Scheme.APK})
LIFE = frozenset({Criticality.LIFE_SUSTAINING, Criticality.LIFE_SUPPORTING, Criticality.UNKNOWN})


def explain(connection: Connection, rows: Sequence[Row]) -> list[tuple[Reason, ...]]:
    """For each row its reasons, surest first, in the sources' words. Raises StoreError."""
    records = words(connection, {item.record_id for row in rows for item in row.match.evidence})
    return [tuple(_reason(item, row, records) for item in row.match.evidence[:MOST_EVIDENCE]) for row in rows]


def _reason(item: Evidence, row: Row, records: Mapping[int, Record]) -> Reason:
    record = records[item.record_id]
    criterion = record.criteria[item.position]
    disputed = _disputed(item, row, records)
    return Reason(
        evidence=item,
        source=record.source.value,
        record=record.record_id,
        range=criterion.text,
        fixed=criterion.fixed,
        disputed=disputed,
        advice=record.advice,
        notes=(*item.notes, *_needs(item, record), *((disputed,) if disputed else ())),
    )


def _disputed(item: Evidence, row: Row, records: Mapping[int, Record]) -> str:
    """Who still calls the version affected that `item` gives as fixed, in words; "" when nobody does."""
    fixed = records[item.record_id].criteria[item.position].fixed
    at = key(item.scheme, fixed) if fixed else None
    if at is None:
        return ""
    for other in row.match.evidence:
        record = records[other.record_id]
        criterion = record.criteria[other.position]
        if (other.name, other.scheme) != (item.name, item.scheme) or not _speaks_for(other, row):
            continue
        if criterion.range.scheme is not item.scheme:
            criterion = in_scheme(criterion, item.scheme)
        if criterion.range.scheme is item.scheme and criterion.range.lo <= at < criterion.range.hi:
            source = f"{record.source.value.upper()} {record.record_id}"
            return f"{fixed} is given as fixed and is still in {criterion.text} ({source})"
    return ""


def _needs(item: Evidence, record: Record) -> tuple[str, ...]:
    """What else the device would have to have, in words."""
    if not item.needs:
        return ()
    names = [record.criteria[position].name for position in item.needs]
    unique = list(dict.fromkeys(" ".join(cpe.split(name)[1:]) for name in names))
    more = f" (or {len(unique) - MOST_NEEDS} more)" if len(unique) > MOST_NEEDS else ""
    return (
        f"condition unverified: also needs {' or '.join(unique[:MOST_NEEDS])}{more}, which the SBOM does not state",
    )


def fixed_version(row: Row, reasons: Sequence[Reason]) -> str:
    """The fixed version of the surest source that names one for this component; "" when none does."""
    ending = _ending(row, reasons)
    return ending.fixed if ending is not None else ""


def _ending(row: Row, reasons: Sequence[Reason]) -> Reason | None:
    """
    The surest reason with a version that ends the vulnerability here.

    What is only possible, or contradicted, speaks of the fix of something else; and a version that another source still
    calls affected ends nothing.
    """
    return next(
        (reason for reason in reasons if reason.fixed and not reason.disputed and _speaks_for(reason.evidence, row)),
        None,
    )


def _speaks_for(item: Evidence, row: Row) -> bool:
    return item.grade <= max(row.match.grade, Grade.UNVERIFIED)


def exploitability_word(row: Row) -> str:
    """How easily it is exploited: `high`, `medium`, `low`, or `unknown` where no source says anything of it."""
    return row.exploitability.level.name.lower() if row.exploitability.known else "unknown"


def next_step(row: Row, reasons: Sequence[Reason], *, together: Sequence[Explained] = ()) -> str:
    """
    What to do next with a row, and the update that ends it wherever a source names a fixed version.

    `together` are the rows told as one with it, itself among them: each of their versions may have another fix.
    """
    update = _update(together or ((row, reasons),))
    if row.lane is not Lane.WORKLIST:
        return f"{ASIDE[row.lane]} If it is affected: u{update}" if update else ASIDE[row.lane]
    if row.vulnerability.kev is None and row.match.grade is Grade.UNVERIFIED:
        settle = "Settle what is open, then assess patient harm."
        return f"{settle} If it is affected: u{update}" if update else settle
    if update:
        return f"{_decide(row)} U{update}"
    disputed = any(reason.disputed and _speaks_for(reason.evidence, row) for reason in reasons)
    return f"{_decide(row)} {DISPUTED_FIX if disputed else NO_FIX}"


def _update(told: Sequence[Explained]) -> str:
    """`pdate zlib to 1.2.12 or later, validated.`, to be begun with a small or a large u; "" when none is known."""
    fixes = dict.fromkeys((row.component.version, _fix(row, reasons)) for row, reasons in told)
    known = [(version, fix) for version, fix in fixes if fix]
    if not known:
        return ""
    name = told[0][0].component.name
    unknown = list(dict.fromkeys(version for version, fix in fixes if not fix))
    if len({fix for _, fix in known}) == 1 and not unknown:
        return f"pdate {name} to {known[0][1]}, validated."
    pairs = [f"{version} to {fix}" for version, fix in known]
    more = f" and {len(pairs) - MOST_UPDATES} more versions" if len(pairs) > MOST_UPDATES else ""
    none = f" No source states a fixed version for {', '.join(unknown[:MOST_UPDATES])}." if unknown else ""
    return f"pdate {name} {', '.join(pairs[:MOST_UPDATES])}{more}, validated.{none}"


def _fix(row: Row, reasons: Sequence[Reason]) -> str:
    """What to update to; a distribution carries an upstream fix under a version of its own."""
    ending = _ending(row, reasons)
    if ending is None:
        return ""
    if ending.evidence.scheme is Scheme.GIT:
        return f"a build with commit {ending.fixed}"
    packaged = row.component.purl.startswith(PACKAGES) and ending.evidence.scheme not in PACKAGE_SCHEMES
    return f"a package with the fix of upstream {ending.fixed}" if packaged else f"{ending.fixed} or later"


def _decide(row: Row) -> str:
    """What people have to decide, the most pressing reason first."""
    if row.vulnerability.kev is not None:
        return _exploited(row)
    if row.timeline.provisional:
        return f"No score: have a person band it; the {row.timeline.band} dates run provisionally until then."
    if row.exploitability.level is Exploitability.LOW:
        return "Assess patient harm."
    return "Assess patient harm with both leads."


def _exploited(row: Row) -> str:
    by = row.timeline.mitigate_by or row.timeline.patch_target
    until = f" by {by:%Y-%m-%d}" if by else ""
    act = "ask the clinical safety lead for" if row.device.criticality in LIFE else "prepare"
    return f"Exploited elsewhere: open a case and {act} this device type's response{until}."
