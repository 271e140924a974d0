"""What a portfolio file says of devices, versions and suppliers besides what a scan needs: for the inventory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from postmarket.worklist.device_words import DeviceClass, SubmissionType, SupportStage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from enum import StrEnum

    from postmarket.worklist.portfolio_fields import Part

    Word = TypeVar("Word", bound=StrEnum)

DEVICE_FACTS = (
    "model_numbers",
    "udi_dis",
    "product_code",
    "class",
    "submission",
    "intended_use",
    "essential_performance",
    "markets",
    "support_stage",
    "end_of_support",
    "line",
)
VERSION_FACTS = ("shipped", "support_stage", "end_of_support", "counted", "customers")
SUPPLIER = ("name", "security_contact", "response_terms", "risk_reviewed", "notes", "names")
CUSTOMER = ("name", "country", "units")


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """Of a device; None where the file says nothing. `line` is a device line's key, days are calendar days."""

    model_numbers: tuple[str, ...] | None
    udi_dis: tuple[str, ...] | None
    product_code: str | None
    device_class: DeviceClass | None
    submission_type: SubmissionType | None
    submission_number: str | None
    submission_date: date | None
    intended_use: str | None
    essential_performance: str | None
    markets: tuple[str, ...] | None
    support_stage: SupportStage | None
    end_of_support: date | None
    line: str | None


@dataclass(frozen=True, slots=True)
class ListedCustomer:
    """Who has units of a version, and how many."""

    name: str
    country: str
    units: int
    part: Part


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """Of a version; None where the file says nothing. `counted` is the day its units were counted."""

    shipped: bool | None
    support_stage: SupportStage | None
    end_of_support: date | None
    counted: date | None
    customers: tuple[ListedCustomer, ...]


@dataclass(frozen=True, slots=True)
class ListedSupplier:
    """A supplier as the file lists it; None where the file says nothing."""

    name: str
    security_contact: str | None
    response_terms: str | None
    risk_reviewed: date | None
    notes: str | None
    names: tuple[str, ...] | None
    part: Part


def device_facts(device: Part) -> DeviceFacts:
    """What the file says of a device. Raises PortfolioError for a value of another kind or a word nobody knows."""
    submission = device.inner("submission")
    submission.only(("type", "number", "date"), needed=("type",) if submission.values else ())
    return DeviceFacts(
        model_numbers=_texts(device, "model_numbers"),
        udi_dis=_texts(device, "udi_dis"),
        product_code=_text(device, "product_code"),
        device_class=_word(device, "class", DeviceClass),
        submission_type=_word(submission, "type", SubmissionType),
        submission_number=_text(submission, "number"),
        submission_date=submission.day("date"),
        intended_use=_text(device, "intended_use"),
        essential_performance=_text(device, "essential_performance"),
        markets=_texts(device, "markets"),
        support_stage=_word(device, "support_stage", SupportStage),
        end_of_support=device.day("end_of_support"),
        line=_text(device, "line"),
    )


def version_facts(version: Part) -> VersionFacts:
    """What the file says of a version. Raises PortfolioError."""
    return VersionFacts(
        shipped=version.flag("shipped"),
        support_stage=_word(version, "support_stage", SupportStage),
        end_of_support=version.day("end_of_support"),
        counted=version.day("counted"),
        customers=tuple(_customers(version)),
    )


def suppliers(whole: Part) -> Iterator[ListedSupplier]:
    """The suppliers the file lists. Raises PortfolioError, also for one listed twice."""
    seen: set[str] = set()
    for one in whole.parts("suppliers", "supplier", called_by="name"):
        one.only(SUPPLIER, needed=("name",))
        name = one.text("name", needed=True)
        _once(one, name, seen, "supplier")
        yield ListedSupplier(
            name=name,
            security_contact=_text(one, "security_contact"),
            response_terms=_text(one, "response_terms"),
            risk_reviewed=one.day("risk_reviewed"),
            notes=_text(one, "notes"),
            names=_texts(one, "names"),
            part=one,
        )


def units_of(version: Part, said: int | None, customers: tuple[ListedCustomer, ...]) -> int | None:
    """
    How many units are in the field: as said, else the customers' together, None when neither is.

    Raises PortfolioError when the customers have more than there are.
    """
    if not customers:
        return said
    theirs = sum(one.units for one in customers)
    if said is not None and theirs > said:
        version.refuse("units", f"customers have {theirs} units, and it says {said}", "Correct one of the two.")
    return theirs if said is None else said


def _customers(version: Part) -> Iterator[ListedCustomer]:
    seen: set[str] = set()
    for one in version.parts("customers", "customer", called_by="name"):
        one.only(CUSTOMER, needed=("name", "units"))
        name, units = one.text("name", needed=True), one.count("units")
        _once(one, name, seen, "customer")
        if units is None:
            one.refuse("units", "it is empty", "Write how many units this customer has.")
        yield ListedCustomer(name, one.text("country"), units, one)


def _once(part: Part, name: str, seen: set[str], kind: str) -> None:
    folded = " ".join(name.split()).casefold()
    if folded in seen:
        part.refuse("name", f"this {kind} is listed twice", "Keep one of the two.")
    seen.add(folded)


def _text(part: Part, name: str) -> str | None:
    return part.text(name) or None


def _texts(part: Part, name: str) -> tuple[str, ...] | None:
    return part.texts(name) if part.values.get(name) is not None else None


def _word(part: Part, name: str, known: type[Word]) -> Word | None:
    if part.values.get(name) is None:
        return None
    return known(part.one_of(name, [one.value for one in known]))
