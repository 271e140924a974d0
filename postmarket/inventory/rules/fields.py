"""The fields of a device as people give them, checked one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from fnmatch import translate

from postmarket.inventory.errors import InvalidDevice, InventoryError
from postmarket.inventory.words import DeviceClass, SubmissionType, SupportStage
from postmarket.matching.errors import DeviceProfileError
from postmarket.matching.interface import DeviceProfile
from postmarket.matching.profile import check as check_profile
from postmarket.policy.interface import Criticality
from postmarket.worklist.interface import RoleRule

LONGEST_NAME = 200
LONGEST_TEXT = 4000
MOST_LISTED = 200
_PRODUCT_CODE = re.compile(r"[A-Z]{3}")
_MARKET = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class DeviceFields:
    """
    All that people say of a device (DESIGN §4); the determination and its versions are said elsewhere.

    `device_type` is one of the article's four, a type the firm's policy adds, or "unknown". `udi_dis` are as on the
    labels. `markets` are ISO 3166 country codes, or EU. Days are calendar days.
    """

    name: str
    manufacturer: str = ""
    model_numbers: tuple[str, ...] = ()
    udi_dis: tuple[str, ...] = ()
    product_code: str = ""
    device_class: DeviceClass = DeviceClass.UNKNOWN
    submission_type: SubmissionType = SubmissionType.UNKNOWN
    submission_number: str = ""
    submission_date: date | None = None
    device_type: str = Criticality.UNKNOWN.value
    intended_use: str = ""
    essential_performance: str = ""
    markets: tuple[str, ...] = ()
    support_stage: SupportStage = SupportStage.UNKNOWN
    end_of_support: date | None = None
    roles: tuple[RoleRule, ...] = ()
    profile: DeviceProfile = field(default_factory=DeviceProfile)


def check_fields(fields: DeviceFields) -> DeviceFields:
    """The fields in the form they are kept in. Raises InvalidDevice naming the first that cannot be right."""
    for role in fields.roles:
        _role(role)
    try:
        check_profile(fields.profile)
    except DeviceProfileError as error:
        raise InvalidDevice(error.what, where=error.where, why=error.why, next_step=error.next_step) from error
    if fields.submission_number and fields.submission_type is SubmissionType.UNKNOWN:
        raise InvalidDevice(
            "A submission number without the type of submission", where="submission type", next_step="Say which it is."
        )
    return DeviceFields(
        name=one_line("name", fields.name, needed=True),
        manufacturer=one_line("manufacturer", fields.manufacturer),
        model_numbers=_listed("model numbers", fields.model_numbers),
        udi_dis=_listed("UDI-DIs", fields.udi_dis),
        product_code=_matching("product code", fields.product_code, _PRODUCT_CODE, "three letters, as in CBK"),
        device_class=fields.device_class,
        submission_type=fields.submission_type,
        submission_number=one_line("submission number", fields.submission_number).upper(),
        submission_date=fields.submission_date,
        device_type=one_line("criticality", fields.device_type) or Criticality.UNKNOWN.value,
        intended_use=words("intended use", fields.intended_use),
        essential_performance=words("essential performance", fields.essential_performance),
        markets=tuple(
            dict.fromkeys(_matching("markets", one, _MARKET, "two letters, as in US") for one in fields.markets)
        ),
        support_stage=fields.support_stage,
        end_of_support=fields.end_of_support,
        roles=fields.roles,
        profile=fields.profile,
    )


def one_line(name: str, text: str, *, needed: bool = False, wrong: type[InventoryError] = InvalidDevice) -> str:
    """`text` without doubled spaces. Raises `wrong` when it is too long, not printable, or needed and empty."""
    plain = " ".join(text.split())
    if (needed and not plain) or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise wrong(
            f"This is no {name}",
            where=name,
            why=f"it has {'1' if needed else '0'} to {LONGEST_NAME} printable characters",
            next_step="Write it as people read it.",
        )
    return plain


def words(name: str, text: str, *, wrong: type[InventoryError] = InvalidDevice) -> str:
    """A few sentences. Raises `wrong` when they are too long or hold control characters."""
    plain = text.strip()
    if len(plain) > LONGEST_TEXT or not plain.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        raise wrong(
            f"The {name} cannot be kept",
            where=name,
            why=f"it has at most {LONGEST_TEXT} printable characters",
            next_step="Shorten it.",
        )
    return plain


def _listed(name: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    if len(texts) > MOST_LISTED:
        raise InvalidDevice(f"Too many {name}", where=name, why=f"{len(texts)}, and {MOST_LISTED} is the most")
    return tuple(dict.fromkeys(one_line(name, text, needed=True) for text in texts))


def _matching(name: str, text: str, pattern: re.Pattern[str], how: str) -> str:
    plain = text.strip().upper()
    if plain and not pattern.fullmatch(plain):
        raise InvalidDevice(f"{text[:20]!r} is no {name}", where=name, next_step=f"Write {how}.")
    return plain


def _role(role: RoleRule) -> None:
    if not role.pattern.strip() or len(role.pattern) > LONGEST_NAME:
        raise InvalidDevice("A clinical role names no component", where="clinical roles", next_step="Say which one.")
    re.compile(translate(role.pattern))
