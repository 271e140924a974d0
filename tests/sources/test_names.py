"""Vendors and products in words, folded to be comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.sources.interface import fold_name
from postmarket.sources.names import product_name


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("Siemens AG", "siemens"),
        ("Acme, Inc.", "acme"),
        ("Baxter Healthcare Corporation", "baxter_healthcare"),
        ("Pumps GmbH & Co. KG", "pumps"),
        ("Scanner Systems B.V.", "scanner_systems"),
        ("S/4 HANA", "s_4_hana"),
        ("libstdc++", "libstdc++"),
        ("node.js", "node.js"),
        ("AG", "ag"),
        ("Café", "café"),
        ("\uff21\uff22", "ab"),  # full-width letters
        ("", ""),
        ("--", ""),
    ],
)
def test_legal_forms_case_and_signs_play_no_part(words: str, folded: str) -> None:
    """A name that is only a legal form stays."""
    assert fold_name(words) == folded


@given(st.text())
def test_folding_twice_changes_nothing(words: str) -> None:
    """A folded name is a folded name."""
    assert fold_name(fold_name(words)) == fold_name(words)


def test_a_product_without_a_name_has_none() -> None:
    """A vendor alone names nothing; a product without a vendor does."""
    assert product_name("Acme Inc", "") == ""
    assert product_name("", "Pump") == ":pump"
    assert product_name("Acme Inc", "Pump OS") == "acme:pump_os"
