"""How the inventory's closed lists are said to people, each with its colour."""

from __future__ import annotations

from datetime import date

from django.utils.html import format_html

from postmarket.inventory.queries.standing import Standing, State
from postmarket.inventory.rules.cyber_device import Outcome
from postmarket.inventory.rules.support import Ending, Support
from postmarket.inventory.words import SupportStage
from postmarket.versions.cpe import ANY, NA, parse
from postmarket.versions.cpe.name import unescape, version_text
from postmarket.versions.errors import VersionsError
from postmarket.web.components.dates import said
from postmarket.web.components.tags import badge, unknown

STAGES = {
    SupportStage.DEVELOPMENT: "In development",
    SupportStage.SUPPORT: "Supported",
    SupportStage.LIMITED_SUPPORT: "Limited support",
    SupportStage.END_OF_SUPPORT: "No longer supported",
    SupportStage.UNKNOWN: "Support unknown",
}
OUTCOMES = {
    Outcome.CYBER_DEVICE: "Cyber device",
    Outcome.NOT_A_CYBER_DEVICE: "Not a cyber device",
    Outcome.OPEN: "Open",
}
FEATURES = {"wifi": "Wi-Fi", "wi-fi": "Wi-Fi", "usb": "USB", "bluetooth": "Bluetooth", "ble": "Bluetooth Low Energy"}
"""Features whose name is no plain word."""


def stage_words(stage: SupportStage) -> str | None:
    """A stage in words; None is unknown."""
    return None if stage is SupportStage.UNKNOWN else STAGES[stage]


def standing_words(standing: Standing) -> str:
    """Where a determination stands, as an export says it."""
    if standing.outcome is None:
        return "Not determined"
    words = OUTCOMES[standing.outcome]
    return {
        State.SIGNED: words,
        State.OUTDATED: f"{words}, outdated",
        State.DRAFT: f"{words}, not signed",
        State.NONE: "Not determined",
    }[standing.state]


def standing_tag(standing: Standing) -> str:
    """Where a determination stands."""
    words = standing_words(standing)
    match standing.state:
        case State.SIGNED:
            return badge("safe", words, "Signed")
        case State.OUTDATED:
            return badge("soon", words, "The submission of the device was changed since it was signed")
        case State.DRAFT:
            return badge("act", words, "A draft waits for its signature")
        case State.NONE:
            return unknown(words)


def support_words(support: Support) -> str | None:
    """Where support stands, as an export says it; None is unknown."""
    words = stage_words(support.stage)
    until = f"until {support.ends_on.isoformat()}" if support.ends_on else ""
    return ", ".join(part for part in (words, until) if part) or None


def support_tag(support: Support) -> str:
    """Where support stands: what has passed or is near is said first."""
    if support.ending is Ending.PASSED:
        tag = badge("harm", STAGES[SupportStage.END_OF_SUPPORT])
    elif support.stage is SupportStage.UNKNOWN and support.ends_on is None:
        return unknown(STAGES[SupportStage.UNKNOWN])
    else:
        words = stage_words(support.stage) or "Supported"
        tag = badge("soon" if support.ending is Ending.SOON else "plain", words)
    return with_day(tag, support.ends_on, passed=support.ending is Ending.PASSED)


def feature_words(name: str) -> str:
    """A feature of the profile as people say it: `hospital_network` is "Hospital network"."""
    words = name.replace("_", " ").strip()
    return FEATURES.get(name.casefold(), words[:1].upper() + words[1:])


def platform_words(cpe: str) -> str:
    """An operating system of the profile in words; as written where it is no CPE."""
    try:
        parsed = parse(cpe)
    except VersionsError:
        return cpe
    names = [parsed.product] if parsed.product.startswith(parsed.vendor) else [parsed.vendor, parsed.product]
    known = [unescape(name).replace("_", " ").title() for name in names if name not in (ANY, NA)]
    return " ".join([*known, version_text(parsed)]).strip() or cpe


def with_day(tag: str, day: date | None, *, passed: bool) -> str:
    """A tag with the day support ends; nobody's word of it is hatched, unless it is over already."""
    if day is None:
        return tag if passed else format_html('{} <div class="small">{}</div>', tag, unknown("no end stated"))
    words = "since" if passed else "until"
    return format_html('{} <div class="small quiet">{} {}</div>', tag, words, said(day))
