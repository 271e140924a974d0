"""The edge of the readers: times, ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.sources.edge import cve_id, record_id, utc
from postmarket.sources.errors import SourceError


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2021-12-10T10:15:09.143", "2021-12-10T10:15:09Z"),
        ("2021-12-10T10:15:09Z", "2021-12-10T10:15:09Z"),
        ("2021-12-10T10:15:09.465000+00:00", "2021-12-10T10:15:09Z"),
        ("2021-12-10T01:15:09+02:00", "2021-12-09T23:15:09Z"),
        ("2021-12-10", "2021-12-10T00:00:00Z"),
        ("2021-02-31T00:00:00Z", ""),
        ("0001-01-01T00:00:00+23:00", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_times_are_utc_to_the_second(text: str, time: str) -> None:
    """A time without a zone is UTC; what is no time is empty."""
    assert utc(text) == time


@given(st.text())
def test_any_text_is_a_time_or_empty(text: str) -> None:
    """A time reads back as itself."""
    assert utc(utc(text)) == utc(text)


def test_ids_are_what_they_say() -> None:
    """CVE ids in upper case; other databases' as they are, without anything that could break a line."""
    assert cve_id(" cve-2024-0001 ") == "CVE-2024-0001"
    assert record_id("GHSA-aaaa-bbbb-cccc") == "GHSA-aaaa-bbbb-cccc"
    for text in ("CVE-2024-1", "CAN-2024-0001", "", "CVE-2024-0001\n2"):
        with pytest.raises(SourceError):
            cve_id(text)
    for text in ("", "a b", "a\n", "\u202eevil", "x" * 300):
        with pytest.raises(SourceError):
            record_id(text)
