"""The article's other tables, each with what the primary sources add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import Citation

if TYPE_CHECKING:
    from postmarket.policy.pack import Pack
    from postmarket.policy.tables import Cite, Flag


@dataclass(frozen=True, slots=True)
class Mitigation:
    """A mitigation category A–D: the article's words, and the check the primary sources ask for (empty without one)."""

    id: str
    text: str
    check: str
    citation: Citation
    check_citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Documentation:
    """A documentation category: the article's words, and where its outdated citations stand now (F12)."""

    category: str
    records: str
    reference: str
    now: tuple[Cite, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Phase:
    """A remediation phase: the article's words, and where its outdated citations stand now (F12)."""

    phase: str
    activities: str
    context: str
    now: tuple[Cite, ...]
    citation: Citation


def mitigations(pack: Pack) -> tuple[Mitigation, ...]:
    """The article's mitigation categories, A to D."""
    table = pack.mitigation
    checks = {row.category: row.run for row in pack.mitigation_checks.check} if pack.has("mitigation-checks") else {}
    cited = pack.mitigation_checks.cited() if checks else None
    return tuple(
        Mitigation(
            id=row.id,
            text=row.text,
            check=checks.get(row.id, ""),
            citation=Citation(table.authority, table.citation, (*table.flags, *row.flags)),
            check_citation=cited,
        )
        for row in table.category
    )


def documentation(pack: Pack) -> tuple[Documentation, ...]:
    """The article's documentation categories, in its order."""
    table = pack.documentation
    return tuple(
        Documentation(row.category, row.records, row.reference, cites_in(row.reference, pack), table.cited())
        for row in table.row
    )


def remediation_phases(pack: Pack) -> tuple[Phase, ...]:
    """The article's four remediation phases, in order."""
    table = pack.remediation
    return tuple(
        Phase(row.phase, row.activities, row.context, cites_in(row.context, pack), table.cited()) for row in table.row
    )


def cites_in(words: str, pack: Pack) -> tuple[Cite, ...]:
    """The outdated citations named in `words`, each with where it stands now; none without the primary sources."""
    if not pack.has("cites"):
        return ()
    named = [part.strip().removeprefix("21 CFR ") for part in words.split(",")]
    return tuple(row for row in pack.cites.cite if row.old in named)


def flag(id_: str, pack: Pack) -> Flag:
    """The difference `id_` (`F05`). Raises PolicyError when the pack has none of that id."""
    found = pack.flags.get(id_)
    if found is None:
        raise PolicyError(f"there is no flag “{id_}”", where=pack.version, next_step="Use F01 to F32.")
    return found
