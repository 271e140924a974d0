"""Ranges as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmarket.sources.prose import read_ranges
from postmarket.versions.interface import Scheme

UNDERSTOOD = [
    # comparators
    ("< V3.1.17", ["< 3.1.17"]),
    ("<=2.0", ["<= 2.0"]),
    ("≤ 2.0", ["<= 2.0"]),
    (">=1.0,<2.0", [">= 1.0, < 2.0"]),
    (">= V1.1.0 < V2.0", [">= 1.1.0, < 2.0"]),
    (">= 01.19.000 | <= 01.38.000", [">= 01.19.000, <= 01.38.000"]),
    ("< 1.28.16 | < 1.24.69", ["< 1.28.16", "< 1.24.69"]),
    ("2.7 | >= 4.0.x | <= 4.6.4 | 4.7.2", ["= 2.7", ">= 4.0.*, <= 4.6.4", "= 4.7.2"]),
    # vers
    ("vers:all/*", ["any"]),
    ("vers:all/<V3.0.1", ["< 3.0.1"]),
    ("vers:all/>=V1.80<V2.20", [">= 1.80, < 2.20"]),
    ("vers:generic/>=1.0|<2.0", [">= 1.0, < 2.0"]),
    # everything
    ("*", ["any"]),
    ("All versions", ["any"]),
    ("all BIOS versions", ["any"]),
    ("All", ["any"]),
    # everything, narrowed
    ("All versions prior to 4.2", ["< 4.2"]),
    ("All BIOS versions < V25.02.08", ["< 25.02.08"]),
    ("All versions < V14 SP1 Update 14", ["< 14 SP1 Update 14"]),
    ("All versions >= V2.5 and < V20.8", [">= 2.5, < 20.8"]),
    # words
    ("prior to Ver.3.1.12", ["< 3.1.12"]),
    ("before version 2023.4", ["< 2023.4"]),
    ("5.7.21 and prior", ["<= 5.7.21"]),
    ("15.4.1 and previous versions ", ["<= 15.4.1"]),
    ("Ver5.61 and earlier", ["<= 5.61"]),
    ("All versions prior to and including 32.7", ["<= 32.7"]),
    ("up to and including 2.0", ["<= 2.0"]),
    ("22.02 and after", [">= 22.02"]),
    ("3.0 or later", [">= 3.0"]),
    ("3.0+", [">= 3.0"]),
    ("7.0.2 and below,  6.4.7 and below", ["<= 7.0.2", "<= 6.4.7"]),
    # from here to there
    ("4.1 through 4.3", [">= 4.1, <= 4.3"]),
    ("Versions 2.00 to 6.11", [">= 2.00, <= 6.11"]),
    ("V1.81.01 - V1.81.03", [">= 1.81.01, <= 1.81.03"]),
    ("12.2.3-12.2.10", [">= 12.2.3, <= 12.2.10"]),
    ("01.14.000 -01.47.000", [">= 01.14.000, <= 01.47.000"]),
    ("9.3.0 -  but not including 9.3.8", [">= 9.3.0, < 9.3.8"]),
    ("between 1.0 and 2.0", [">= 1.0, <= 2.0"]),
    ("from 1.0 before 2.0", [">= 1.0, < 2.0"]),
    ("Versions V7.1 < V7.1 Upd3", [">= 7.1, < 7.1 Upd3"]),
    # lists and wildcards
    ("2.0.0 | 2.0.1", ["= 2.0.0", "= 2.0.1"]),
    ("8.1, 8.2 and 9.1", ["= 8.1", "= 8.2", "= 9.1"]),
    ("12.6.X", ["= 12.6.*"]),
    ("<= 12.2.x.x", ["<= 12.2.*"]),
    # signs that are part of a version
    ("<= 15.2(6)E0a", ["<= 15.2(6)E0a"]),
    ("2.0-22165", ["= 2.0-22165"]),
    ("9.4.0cu.652_b20230116", ["= 9.4.0cu.652_b20230116"]),
    ("<V19_Update_2", ["< 19 Update 2"]),
    ("<=firmware_65", ["<= 65"]),
    ("<= Build 2019-09-21", ["<= 2019-09-21"]),
    ("1.2.0.14\\(408\\)", ["= 1.2.0.14(408)"]),
]

NOT_UNDERSTOOD = [
    ("< V3.X.17", []),
    ("< august 28", []),
    ("<=the_first_5_digits_of_serial_number_22081", []),
    ("<=V", []),
    ("MMT-1711 | MMT-1712", []),
    ("BT06", []),
    ("See the bulletin for affected versions", []),
    ("commit 63b3370", []),
    ("25d2ba94005f", []),
    ("n/a", []),
    ("", []),
    ("All versions with the extension module", ["any"]),
    ("<= 3.3-006 (with <= stack 4.2.1)", ["<= 3.3-006"]),
    (">= 20.8 (only affected by one of them)", [">= 20.8"]),
    ("9.x model 35700", ["= 9.*"]),
    ("<v36.011_v35.013", ["< 36.011"]),
]


@pytest.mark.parametrize(("text", "words"), UNDERSTOOD)
def test_what_people_write_is_understood(text: str, words: list[str]) -> None:
    """Without a remainder."""
    reading = read_ranges(text, Scheme.GENERIC)

    assert [span.words for span in reading.spans] == words
    assert reading.remainder == ""


@pytest.mark.parametrize(("text", "words"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_handed_back(text: str, words: list[str]) -> None:
    """With what was understood before it."""
    reading = read_ranges(text, Scheme.GENERIC)

    assert [span.words for span in reading.spans] == words
    assert reading.remainder


def test_the_product_s_own_name_is_passed_over() -> None:
    """Many repeat it in the version; another product's name is a remainder."""
    assert [
        span.words for span in read_ranges("Pump OS 3.1 and earlier", Scheme.GENERIC, names=("Acme", "Pump OS")).spans
    ] == ["<= 3.1"]
    assert read_ranges("Pump OS 3.1 and earlier", Scheme.GENERIC, names=("Acme", "Viewer")).spans == ()


def test_vers_of_a_known_scheme_is_read_in_that_scheme() -> None:
    """With its case and its percent signs."""
    (span,) = read_ranges("vers:deb/>=1%3A2.0-1|<1%3A2.4~rc1", Scheme.GENERIC).spans

    assert span.scheme is Scheme.DEB
    assert span.words == ">= 1:2.0-1, < 1:2.4~rc1"
    assert read_ranges("vers:npm/!=1.0.0", Scheme.GENERIC).remainder


@settings(deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(["< ", "<= ", ">= ", "1.0", "2.x", " and ", ", ", " | ", "V3", " prior", " to ", "(", ")", "*"])
    ).map("".join)
)
def test_any_text_is_spans_or_a_remainder(text: str) -> None:
    """Never neither, and every span holds something."""
    reading = read_ranges(text, Scheme.GENERIC)

    assert reading.spans or reading.remainder
    assert all(span.range.lo < span.range.hi for span in reading.spans)


def test_a_very_long_text_is_not_read() -> None:
    """Nobody states a range with a thousand characters; a feed full of them must not stop the load."""
    assert read_ranges("1 sp1 " * 10_000, Scheme.GENERIC).spans == ()
