"""
The portfolio file: a manufacturer's devices with criticality, clinical roles, shipped versions and their SBOMs.

Its form is described in docs/portfolio.md and shown by the example that `postmarket demo` uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import yaml

from postmarket.matching.errors import DeviceProfileError
from postmarket.matching.interface import DeviceProfile
from postmarket.matching.profile import check
from postmarket.policy.interface import ClinicalRole
from postmarket.policy.response import device_type
from postmarket.worklist.errors import PortfolioError
from postmarket.worklist.inputs import first_bom
from postmarket.worklist.interface import DeviceVersion, RoleRule

if TYPE_CHECKING:
    from pathlib import Path

    from postmarket.errors import PostmarketError
    from postmarket.policy.pack import Pack

MAX_BYTES = 4 * 2**20
FROM_CONSTRUCTORS = (ValueError, TypeError, LookupError, AttributeError)
"""What PyYAML lets through when a value belies its own tag."""
HOW = "Compare it with the example in docs/portfolio.md."


class _Role(msgspec.Struct, forbid_unknown_fields=True):
    match: str
    role: ClinicalRole
    why: str = ""


class _Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    architecture: str = ""
    os: tuple[str, ...] = ()
    features: dict[str, bool] = msgspec.field(default_factory=dict)


class _Version(msgspec.Struct, forbid_unknown_fields=True):
    version: str
    sbom: str
    released: str = ""
    units: int | None = None


class _Device(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    versions: tuple[_Version, ...]
    criticality: str = "unknown"
    model_numbers: tuple[str, ...] = ()
    intended_use: str = ""
    essential_performance: str = ""
    profile: _Profile = _Profile()
    clinical_roles: tuple[_Role, ...] = ()


class _Portfolio(msgspec.Struct, forbid_unknown_fields=True):
    devices: tuple[_Device, ...]
    manufacturer: str = ""
    vex: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A portfolio as read; paths are beside the file that names them."""

    manufacturer: str
    devices: tuple[DeviceVersion, ...]
    vex: tuple[Path, ...]
    aliases: tuple[Path, ...]
    refused: tuple[PostmarketError, ...]


def read_portfolio(path: Path, *, pack: Pack) -> Portfolio:
    """
    The portfolio in the YAML file `path`, its SBOMs read.

    A device version whose SBOM cannot be read is left out and its reason is in `refused`. Raises PortfolioError,
    naming the place, when the file itself is not a portfolio.
    """
    listed = _parse(path)
    devices: list[DeviceVersion] = []
    refused: list[PostmarketError] = []
    for device in listed.devices:
        profile = _profile(device, path)
        kind = device_type(device.criticality, pack)
        for version in device.versions:
            file = path.parent / version.sbom
            if not _is_there(file):
                refused.append(
                    PortfolioError(
                        f"the SBOM of {device.name} {version.version} is not there",
                        where=f"{path}: {version.sbom}",
                        next_step="Correct the path; it is taken from the portfolio file's folder.",
                    )
                )
                continue
            bom, unread = first_bom(file)
            refused.extend(unread)
            if bom is None:
                continue
            devices.append(
                DeviceVersion(
                    device=device.name,
                    version=version.version,
                    bom=bom,
                    source=version.sbom,
                    criticality=kind.criticality,
                    criticality_note=kind.note,
                    roles=tuple(RoleRule(rule.match, rule.role, rule.why) for rule in device.clinical_roles),
                    profile=profile,
                    released=version.released,
                    maker=listed.manufacturer or (bom.subject.supplier if bom.subject is not None else ""),
                    units=version.units,
                )
            )
    return Portfolio(
        manufacturer=listed.manufacturer,
        devices=tuple(devices),
        vex=tuple(path.parent / name for name in listed.vex),
        aliases=tuple(path.parent / name for name in listed.aliases),
        refused=tuple(refused),
    )


def _profile(device: _Device, path: Path) -> DeviceProfile:
    """What the file says of a device beyond its SBOM. Raises PortfolioError, naming file and device."""
    profile = DeviceProfile(
        architecture=device.profile.architecture,
        operating_systems=device.profile.os,
        features=device.profile.features,
    )
    try:
        check(profile)
    except DeviceProfileError as error:
        where = f"{path}: {device.name}: {error.where}"
        raise PortfolioError(error.what, where=where, why=error.why, next_step=error.next_step) from error
    return profile


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a name longer than the system allows names nothing
        return False


def _parse(path: Path) -> _Portfolio:
    content = _bytes(path)
    try:
        return msgspec.convert(yaml.load(content, Loader=_Loader), _Portfolio, strict=False)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}: line {mark.line + 1}" if mark is not None else str(path)
        raise PortfolioError("This is no YAML", where=place, why=error.problem or "", next_step=HOW) from error
    except (yaml.YAMLError, msgspec.ValidationError, RecursionError, *FROM_CONSTRUCTORS) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PortfolioError("This is no portfolio", where=str(path), why=why, next_step=HOW) from error


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size <= MAX_BYTES:
            with path.open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
            if len(content) <= MAX_BYTES:
                return content
    except OSError as error:
        raise PortfolioError("The portfolio file cannot be read", where=str(path), why=error.strerror or "") from error
    raise PortfolioError("The portfolio file is too large", where=str(path), why=f"over {MAX_BYTES} bytes")


class _Loader(yaml.SafeLoader):
    """Safe YAML without aliases (they can blow up) and without a key twice; numbers stay text, since 3.10 is no 3.1."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "YAML aliases are not allowed", event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} is given twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_AS_TEXT = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("timestamp", "float", "int"))
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag not in _AS_TEXT]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
