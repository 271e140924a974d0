"""From what people typed to typed fields, and back: lists, clinical roles, features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from postmarket.inventory.errors import InvalidDevice
from postmarket.inventory.rules.fields import DeviceFields
from postmarket.inventory.rules.suppliers import SupplierFields
from postmarket.inventory.rules.version_fields import VersionFields
from postmarket.inventory.words import DeviceClass, SubmissionType, SupportStage
from postmarket.matching.interface import DeviceProfile
from postmarket.policy.interface import ClinicalRole, Criticality
from postmarket.worklist.interface import RoleRule

FLAGS = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


def device_fields(data: Mapping[str, Any]) -> DeviceFields:
    """A device's fields from a DeviceForm. Raises InvalidDevice for a role or feature that is none."""
    return DeviceFields(
        name=data["name"],
        manufacturer=data["manufacturer"],
        model_numbers=lines_in(data["model_numbers"]),
        udi_dis=lines_in(data["udi_dis"]),
        product_code=data["product_code"],
        device_class=DeviceClass(data["device_class"]),
        submission_type=SubmissionType(data["submission_type"]),
        submission_number=data["submission_number"],
        submission_date=data["submission_date"],
        device_type=data["criticality"] or Criticality.UNKNOWN.value,
        intended_use=data["intended_use"],
        essential_performance=data["essential_performance"],
        markets=tuple(data["markets"].replace(",", " ").split()),
        support_stage=SupportStage(data["support_stage"]),
        end_of_support=data["end_of_support"],
        roles=tuple(_role(line) for line in lines_in(data["roles"])),
        profile=DeviceProfile(
            data["architecture"].strip(),
            lines_in(data["operating_systems"]),
            dict(_feature(line) for line in lines_in(data["features"])),
        ),
    )


def device_typed(fields: DeviceFields) -> dict[str, object]:
    """A device's fields as a DeviceForm begins with them."""
    return {
        "name": fields.name,
        "manufacturer": fields.manufacturer,
        "model_numbers": "\n".join(fields.model_numbers),
        "udi_dis": "\n".join(fields.udi_dis),
        "product_code": fields.product_code,
        "device_class": fields.device_class.value,
        "submission_type": fields.submission_type.value,
        "submission_number": fields.submission_number,
        "submission_date": fields.submission_date,
        "criticality": fields.device_type,
        "intended_use": fields.intended_use,
        "essential_performance": fields.essential_performance,
        "markets": ", ".join(fields.markets),
        "support_stage": fields.support_stage.value,
        "end_of_support": fields.end_of_support,
        "roles": "\n".join(
            " | ".join(part for part in (one.pattern, one.role.value, one.why) if part) for one in fields.roles
        ),
        "architecture": fields.profile.architecture,
        "operating_systems": "\n".join(fields.profile.operating_systems),
        "features": "\n".join(f"{name}: {'on' if on else 'off'}" for name, on in fields.profile.features.items()),
    }


def version_fields(data: Mapping[str, Any]) -> VersionFields:
    """A version's fields from a VersionForm."""
    stage = SupportStage(data["support_stage"]) if data["support_stage"] else None
    return VersionFields(data["version"], data["released_on"], stage, data["end_of_support"])


def version_typed(fields: VersionFields) -> dict[str, object]:
    """A version's fields as a VersionForm begins with them."""
    return {
        "version": fields.label,
        "released_on": fields.released_on,
        "support_stage": "" if fields.support_stage is None else fields.support_stage.value,
        "end_of_support": fields.end_of_support,
    }


def supplier_fields(data: Mapping[str, Any]) -> SupplierFields:
    """A supplier's fields from a SupplierForm."""
    return SupplierFields(
        name=data["name"],
        security_contact=data["security_contact"],
        response_terms=data["response_terms"],
        risk_reviewed_on=data["risk_reviewed_on"],
        notes=data["notes"],
        names=lines_in(data["names"]),
    )


def supplier_typed(fields: SupplierFields) -> dict[str, object]:
    """A supplier's fields as a SupplierForm begins with them."""
    return {
        "name": fields.name,
        "security_contact": fields.security_contact,
        "response_terms": fields.response_terms,
        "risk_reviewed_on": fields.risk_reviewed_on,
        "notes": fields.notes,
        "names": "\n".join(fields.names),
    }


def lines_in(text: str) -> tuple[str, ...]:
    """The lines of a text that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _role(line: str) -> RoleRule:
    pattern, _, rest = (part.strip() for part in line.partition("|"))
    role, _, why = (part.strip() for part in rest.partition("|"))
    if not pattern or role not in {one.value for one in ClinicalRole}:
        raise InvalidDevice(
            f"“{line[:60]}” is no clinical role",
            where="roles",
            next_step="Write it as in zlib | alarm | Unpacks alarms.",
        )
    return RoleRule(pattern, ClinicalRole(role), why)


def _feature(line: str) -> tuple[str, bool]:
    name, _, flag = (part.strip() for part in line.partition(":"))
    if not name or flag.lower() not in FLAGS:
        raise InvalidDevice(
            f"“{line[:60]}” is no feature", where="features", next_step="Write it as in bluetooth: off."
        )
    return name, FLAGS[flag.lower()]
