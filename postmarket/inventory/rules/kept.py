"""How clinical roles and a device profile are kept in the database and in records: plain values, read back typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from postmarket.matching.interface import DeviceProfile
from postmarket.worklist.interface import RoleRule


class _Profile(msgspec.Struct, frozen=True):
    architecture: str = ""
    operating_systems: tuple[str, ...] = ()
    features: dict[str, bool] = {}


def roles_written(roles: Sequence[RoleRule]) -> list[dict[str, str]]:
    """Clinical roles as plain values, in their order: the first that fits counts."""
    return [{"pattern": one.pattern, "role": one.role.value, "why": one.why} for one in roles]


def roles_read(written: Sequence[Mapping[str, Any]]) -> tuple[RoleRule, ...]:
    """What `roles_written` wrote. Raises msgspec.ValidationError for anything else."""
    return msgspec.convert(written, tuple[RoleRule, ...])


def profile_written(profile: DeviceProfile) -> dict[str, Any]:
    """A device profile as plain values."""
    return {
        "architecture": profile.architecture,
        "operating_systems": list(profile.operating_systems),
        "features": dict(profile.features),
    }


def profile_read(written: Mapping[str, Any]) -> DeviceProfile:
    """What `profile_written` wrote; an empty mapping is an empty profile. Raises msgspec.ValidationError."""
    read = msgspec.convert(written, _Profile)
    return DeviceProfile(read.architecture, read.operating_systems, read.features)
