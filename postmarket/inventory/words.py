"""The closed lists of the inventory, in the words of the field."""

from __future__ import annotations

from enum import StrEnum

from postmarket.worklist.device_words import DeviceClass, SubmissionType, SupportStage

__all__ = [
    "AliasState",
    "Answer",
    "DeviceClass",
    "Feature",
    "IssuingAgency",
    "Origin",
    "ProposalState",
    "SbomState",
    "SubmissionType",
    "SupportStage",
    "VersionState",
]


class Answer(StrEnum):
    """The answer to a question; unknown is never no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class VersionState(StrEnum):
    """Development: matched and gated, but no case and no clock, until a person marks it shipped (DESIGN §4)."""

    DEVELOPMENT = "development"
    SHIPPED = "shipped"


class Feature(StrEnum):
    """
    How a device can be reached: FDA's illustrative list for "ability to connect to the internet".

    FDA premarket cybersecurity guidance, VII.B (list wording of 2025), non-binding.
    """

    NETWORK = "network connection"
    SERVER = "server connection"
    CLOUD = "cloud connection"
    WIFI = "Wi-Fi"
    CELLULAR = "cellular"
    BLUETOOTH = "Bluetooth"
    BLE = "Bluetooth Low Energy"
    RADIO = "other radiofrequency"
    INDUCTION = "magnetic induction"
    USB = "USB"
    ETHERNET = "ethernet"
    SERIAL = "serial port"


class IssuingAgency(StrEnum):
    """FDA-accredited issuers of UDIs."""

    GS1 = "GS1"
    HIBCC = "HIBCC"
    ICCBBA = "ICCBBA"
    UNKNOWN = "unknown"


class SbomState(StrEnum):
    """What became of an SBOM that came in."""

    RECEIVED = "received"
    """Kept as it came; not read yet."""
    READ = "read"
    HELD = "held"
    """Read, and about another product or version as it says itself: a person says whether it is used."""
    SET_ASIDE = "set aside"
    """A person said that it is not used."""
    REFUSED = "refused"
    """It cannot be read; the reason is kept with it."""


class Origin(StrEnum):
    """Where a component of a version is listed."""

    SBOM = "sbom"
    BY_HAND = "by hand"


class AliasState(StrEnum):
    """The life of an alias entry; only approved ones change matching."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETIRED = "retired"


class ProposalState(StrEnum):
    """The life of a proposed device."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
