"""A disabled feature that a source's words mention is a hint, and never moves a row."""

from __future__ import annotations

import pytest

from postmarket.matching.interface import DeviceProfile, Grade
from tests.builders import Match, Tell, component, nvd_range, record

ZLIB = component("zlib", "1.2.11")
OFF = DeviceProfile(features={"bluetooth": False, "hospital_network": False, "wifi": True})


@pytest.mark.parametrize(
    ("title", "description", "feature"),
    [
        ("", "A flaw in the Bluetooth stack.", "bluetooth"),
        ("BLE pairing", "", "bluetooth"),
        ("", "Reached over the hospital network.", "hospital_network"),
        ("", "The hospital-network daemon.", "hospital_network"),
        ("", "A flaw in WiFi.", ""),
        ("", "Unable to trouble bluetoothd.", ""),
        ("", "", ""),
    ],
)
def test_a_mention_is_noted_and_the_grade_stays(
    tell: Tell, match: Match, title: str, description: str, feature: str
) -> None:
    """Whole words, in upper and lower case, of features that are off."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12"), title=title, description=description))

    (only,) = match(ZLIB, profile=OFF).matches

    assert only.grade is Grade.CONFIRMED
    assert only.evidence[0].notes == (
        (f"mentions {feature}, which the device profile says is disabled",) if feature else ()
    )


def test_the_reason_that_decides_stays_last(tell: Tell, match: Match) -> None:
    """A row shows its last note as what is open or contradicts."""
    narrowed = nvd_range("a:zlib:zlib", "1.2.12", attributes="*:*:*:*:*:x86:*")
    tell(record("CVE-1", narrowed, description="Over Bluetooth."))

    (only,) = match(ZLIB, profile=DeviceProfile(architecture="arm64", features={"bluetooth": False})).matches

    assert only.grade is Grade.CONTRADICTED
    assert only.evidence[0].notes[0].startswith("mentions bluetooth")
    assert only.evidence[0].notes[-1].startswith("only on x86")


@pytest.mark.parametrize("name", ["", " ", "_"])
def test_a_feature_without_a_name_is_mentioned_nowhere(tell: Tell, match: Match, name: str) -> None:
    """An empty word would be in every text."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12"), description="Any _ text."))

    assert match(ZLIB, profile=DeviceProfile(features={name: False})).matches[0].evidence[0].notes == ()
