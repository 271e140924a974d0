"""UDI device identifiers: what is on the label, and whether its check digit is right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.inventory.errors import InvalidUdi
from postmarket.inventory.rules.udi import ALPHABET_43, check_character_43, gtin_check_digit, read_udi_di
from postmarket.inventory.words import IssuingAgency

GTIN_BODIES = st.sampled_from([7, 11, 12, 13]).flatmap(
    lambda length: st.text("0123456789", min_size=length, max_size=length)
)
HIBC_BODIES = st.builds(
    lambda labeler, product, unit: f"+{labeler}{product}{unit}",
    st.from_regex(r"[A-Z][A-Z0-9]{3}", fullmatch=True).filter(str.isascii),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=18),
    st.sampled_from("0123456789"),
)


@pytest.mark.parametrize(
    ("label", "kept", "agency", "verified"),
    [
        ("00844588003288", "00844588003288", IssuingAgency.GS1, True),
        ("(01)00844588003288", "00844588003288", IssuingAgency.GS1, True),
        ("(01) 51022222233336", "51022222233336", IssuingAgency.GS1, True),
        ("036000291452", "00036000291452", IssuingAgency.GS1, True),
        ("+A123BJC5D6E71G", "+A123BJC5D6E71G", IssuingAgency.HIBCC, True),
        ("+A123BJC5D6E71", "+A123BJC5D6E71", IssuingAgency.HIBCC, False),
        ("=/A9999XYZ100T0944", "=/A9999XYZ100T0944", IssuingAgency.ICCBBA, False),
        ("12345", "12345", IssuingAgency.UNKNOWN, False),
        ("B-4711", "B-4711", IssuingAgency.UNKNOWN, False),
    ],
)
def test_an_identifier_is_read_as_on_the_label(label: str, kept: str, agency: IssuingAgency, verified: bool) -> None:
    """Examples of FDA's list of formats and of the issuers; what is not verified says why."""
    read = read_udi_di(label)

    assert (read.di, read.agency, read.verified) == (kept, agency, verified)
    assert bool(read.note) is not verified


@pytest.mark.parametrize("text", ["", "  ", "0084458800 3288", "a\nb", "x" * 41, "+A12", "=/A9999XYZ", "\u0664\u0662"])
def test_what_is_no_identifier_is_refused(text: str) -> None:
    """With what to copy."""
    with pytest.raises(InvalidUdi, match="Copy it from the label"):
        read_udi_di(text)


@given(GTIN_BODIES)
def test_a_gtin_has_one_right_check_digit(body: str) -> None:
    """Of the ten last digits one is accepted, and the refusal of the others names it."""
    right = gtin_check_digit(body)

    assert read_udi_di(body + right).di == (body + right).zfill(14)
    for wrong in set("0123456789") - {right}:
        with pytest.raises(InvalidUdi, match=f"computes '{right}'"):
            read_udi_di(body + wrong)


@given(GTIN_BODIES, st.data())
def test_one_mistyped_digit_of_a_gtin_is_noticed(body: str, data: st.DataObject) -> None:
    """Whichever digit and whatever was typed in its place."""
    right = body + gtin_check_digit(body)
    place = data.draw(st.integers(0, len(right) - 1))
    typed = data.draw(st.sampled_from(sorted(set("0123456789") - {right[place]})))

    with pytest.raises(InvalidUdi):
        read_udi_di(right[:place] + typed + right[place + 1 :])


@given(HIBC_BODIES)
def test_a_hibc_identifier_ends_with_the_remainder_of_43(body: str) -> None:
    """The character is part of the alphabet it is computed from, and makes the identifier verified."""
    character = check_character_43(body)

    assert character in ALPHABET_43
    if character not in " ":
        assert read_udi_di(body + character).verified
