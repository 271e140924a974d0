"""The article's responses by device type, and the firm's own types."""

from __future__ import annotations

from pathlib import Path

import pytest

from postmarket.policy.interface import Authority, Criticality
from postmarket.policy.pack import Pack, load_pack
from postmarket.policy.response import device_type, response
from tests.builders import NOW

ARTICLE = {
    Criticality.LIFE_SUSTAINING: (
        "Life-sustaining (e.g., ventilator)",
        "Selective isolation; avoid powering off; implement clinical workarounds",
        "Enhanced monitoring; prepare for selective isolation",
    ),
    Criticality.LIFE_SUPPORTING: (
        "Life-supporting (e.g., infusion pump)",
        "Network isolation if standalone mode is safe; otherwise selective isolation",
        "Selective isolation; enhanced logging",
    ),
    Criticality.DIAGNOSTIC: (
        "Diagnostic (e.g., imaging system)",
        "Full network disconnection; switch to backup if available",
        "Selective isolation with monitoring",
    ),
    Criticality.ADMINISTRATIVE: (
        "Administrative (e.g., billing)",
        "Full network disconnection; rebuild from backup",
        "Enhanced monitoring",
    ),
}


@pytest.mark.parametrize("criticality", ARTICLE)
def test_the_article_to_the_letter(pack: Pack, criticality: Criticality) -> None:
    """Both responses are the article's cells, and are cited as the article's, not FDA's (F26)."""
    found = response(criticality, pack)
    types = {row.criticality: row.device_type for row in pack.response.row}

    assert (types[criticality], found.active, found.suspected) == ARTICLE[criticality]
    assert found.citation.authority is Authority.ARTICLE
    assert found.citation.flags == ("F26",)
    assert found.note == ""


def test_unknown_ranks_as_life_supporting_and_says_so(pack: Pack) -> None:
    """A device of unknown type is never treated as harmless."""
    found = response(Criticality.UNKNOWN, pack)

    assert found.criticality is Criticality.UNKNOWN
    assert (found.active, found.suspected) == ARTICLE[Criticality.LIFE_SUPPORTING][1:]
    assert found.note == "Criticality unknown: ranks as life-supporting."


@pytest.mark.parametrize("name", ["life-sustaining", "Life_Sustaining", " LIFE  sustaining "])
def test_the_articles_types_by_name(pack: Pack, name: str) -> None:
    """Case, underscore and blanks make no difference."""
    assert device_type(name, pack).criticality is Criticality.LIFE_SUSTAINING


def test_an_unmapped_type_is_unknown_and_says_so(pack: Pack) -> None:
    """A type nobody mapped ranks as life-supporting until a signed row maps it."""
    found = device_type("telemetry hub", pack)

    assert found.criticality is Criticality.UNKNOWN
    assert found.note == (
        "“telemetry hub” is no device type of this policy: ranks as life-supporting until a signed row maps it."
    )


def test_a_signed_row_adds_a_type(tmp_path: Path) -> None:
    """A firm's own type ranks as its row says, by the firm's authority, with who signed it."""
    file = tmp_path / "acme.toml"
    file.write_text(
        'name = "acme"\nversion = "3"\neffective = 2026-10-01\n[[device_type]]\nname = "Telemetry hub"\n'
        'ranks_as = "life-sustaining"\nsigned_by = "Dr. A. Lead"\nsigned_on = 2026-09-30\nreason = "relays alarms"\n'
    )

    found = device_type("telemetry-hub", load_pack(overlays=[file], now=NOW))

    assert found.criticality is Criticality.LIFE_SUSTAINING
    assert found.citation.authority is Authority.FIRM
    assert found.note == (
        "“Telemetry hub” ranks as life-sustaining: relays alarms (signed by Dr. A. Lead, 2026-09-30)."
    )
