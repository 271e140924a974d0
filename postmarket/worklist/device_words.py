"""The closed lists a device is described with, in a portfolio file as in the inventory."""

from __future__ import annotations

from enum import StrEnum


class DeviceClass(StrEnum):
    """FDA's class of a device (21 CFR 860.3)."""

    I = "I"  # noqa: E741 - FDA's own word
    II = "II"
    III = "III"
    UNCLASSIFIED = "unclassified"
    UNKNOWN = "unknown"


class SubmissionType(StrEnum):
    """How the device came to market; the paths of section 524B(a), and what is none of them."""

    K510 = "510(k)"
    DE_NOVO = "De Novo"
    PMA = "PMA"
    PDP = "PDP"
    HDE = "HDE"
    EXEMPT = "510(k)-exempt"
    PREAMENDMENT = "preamendment"
    UNKNOWN = "unknown"


class SupportStage(StrEnum):
    """The stages of IMDRF N70 (2023)."""

    DEVELOPMENT = "development"
    SUPPORT = "support"
    LIMITED_SUPPORT = "limited-support"
    END_OF_SUPPORT = "end-of-support"
    UNKNOWN = "unknown"
