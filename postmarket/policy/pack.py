"""Policy packs: which tables are in force, in which version, with the hash of every byte of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, overload

from postmarket.policy import tables
from postmarket.policy.errors import PolicyError
from postmarket.policy.overlay import Overlay, device_types, own_clocks, raised_weights, read_overlay, thresholds
from postmarket.policy.toml_files import parse, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from postmarket.policy.interface import Clock
    from postmarket.scoring.interface import ExploitabilityThresholds

HOME = Path(__file__).with_name("packs")
DEFAULT = ("seed-default", "primary-source")

H = TypeVar("H", bound=tables.Head)


@dataclass(frozen=True, eq=False)
class Pack:
    """
    The policy in force: built-in packs in order, then the firm's overlays.

    `version` names each part with its version; `digest` is the SHA-256 of all their bytes, so a record can say exactly
    which policy it was made under. Packs with equal digests are equal. A table is parsed when it is first asked for:
    a scan never pays for the flags. Asking for a table that no pack of it has raises PolicyError.
    """

    names: tuple[str, ...]
    version: str
    digest: str
    overlays: tuple[Overlay, ...] = ()
    pending: tuple[Overlay, ...] = ()
    """The firm's files that were given but are not in effect yet: nothing of them counts."""
    _files: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict, repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pack) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def has(self, subject: str) -> bool:
        """Whether any pack has the table of the file `<subject>.toml`."""
        return subject in self._files

    def _all(self, subject: str, kind: type[H]) -> tuple[H, ...]:
        contents = self._files.get(subject, ())
        if not contents:
            raise PolicyError(
                f"the policy has no table “{subject}”",
                where=self.version,
                next_step=f"Load a pack that has it, such as {' and '.join(DEFAULT)}.",
            )
        return tuple(parse(content, kind, name=f"{subject}.toml") for content in contents)

    def _one(self, subject: str, kind: type[H]) -> H:
        return self._all(subject, kind)[-1]

    @cached_property
    def timeline(self) -> tables.TimelineTable:
        """The article's CVSS timeline."""
        return self._one("timeline", tables.TimelineTable)

    @cached_property
    def response(self) -> tables.ResponseTable:
        """The article's responses by device type."""
        return self._one("response", tables.ResponseTable)

    @cached_property
    def priority(self) -> tables.PriorityTable:
        """The firm's order of work, its role weights raised by the overlays."""
        return raised_weights(self._one("priority", tables.PriorityTable), self.overlays)

    @cached_property
    def thresholds(self) -> ExploitabilityThresholds:
        """The firm's limits for exploitability, those of the overlays first."""
        return thresholds(self._one("thresholds", tables.ThresholdsTable), self.overlays)

    @cached_property
    def device_types(self) -> Mapping[str, tables.DeviceTypeRow]:
        """Device types the firm added, by folded name."""
        return device_types(self.overlays)

    @cached_property
    def clocks(self) -> Mapping[str, Clock]:
        """Every clock of every pack by id, those of the firm with the figures of the overlays."""
        from postmarket.policy.clocks import read_clocks

        return own_clocks(read_clocks(self._all("clocks", tables.ClocksTable)), self.overlays)

    @cached_property
    def flags(self) -> Mapping[str, tables.Flag]:
        """The differences between the article and the primary sources, by id."""
        return {flag.id: flag for flag in self._one("flags", tables.FlagsTable).flag}

    @cached_property
    def sources(self) -> Mapping[str, tables.SourceRow]:
        """What the source keys of flags and clocks stand for."""
        return {row.key: row for row in self._one("sources", tables.SourcesTable).source}

    @cached_property
    def cites(self) -> tables.CitesTable:
        """Outdated citations and where they stand now."""
        return self._one("cites", tables.CitesTable)

    @cached_property
    def matrix(self) -> tables.MatrixTable:
        """Exploitability × harm severity."""
        return self._one("matrix", tables.MatrixTable)

    @cached_property
    def mitigation(self) -> tables.MitigationTable:
        """The article's mitigation categories."""
        return self._one("mitigation", tables.MitigationTable)

    @cached_property
    def mitigation_checks(self) -> tables.MitigationChecksTable:
        """What the primary sources ask of each mitigation category."""
        return self._one("mitigation-checks", tables.MitigationChecksTable)

    @cached_property
    def documentation(self) -> tables.DocumentationTable:
        """The article's documentation categories."""
        return self._one("documentation", tables.DocumentationTable)

    @cached_property
    def remediation(self) -> tables.RemediationTable:
        """The article's remediation phases."""
        return self._one("remediation", tables.RemediationTable)

    @cached_property
    def cvd(self) -> tables.CvdTable:
        """The article's minimum of a CVD policy."""
        return self._one("cvd", tables.CvdTable)

    @cached_property
    def sbom(self) -> tables.SbomTable:
        """The article's minimum of an SBOM."""
        return self._one("sbom", tables.SbomTable)


@overload
def load_pack(names: Iterable[str] = DEFAULT) -> Pack: ...
@overload
def load_pack(names: Iterable[str] = DEFAULT, *, overlays: Iterable[Path], now: datetime) -> Pack: ...
def load_pack(names: Iterable[str] = DEFAULT, *, overlays: Iterable[Path] = (), now: datetime | None = None) -> Pack:
    """
    The policy made of the built-in packs `names`, in order, and the firm's own files `overlays` in effect at `now`.

    A file whose `effective` date has not begun (UTC) is in `pending` and changes nothing. Raises PolicyError for an
    unknown name, and for an overlay that is no TOML, has another shape, lacks a signature or is signed in the future,
    or would lower what only both leads may lower.
    """
    paths = tuple(overlays)
    if not paths:
        return _built_in(tuple(names))
    if now is None:
        raise TypeError("overlays count from a date: give `now`")
    return with_overlays(tuple(read_overlay(path, now=now) for path in paths), names, now=now)


def with_overlays(given: tuple[Overlay, ...], names: Iterable[str] = DEFAULT, *, now: datetime) -> Pack:
    """As `load_pack`, of the firm's files that are read already."""
    built_in = _built_in(tuple(names))
    # A firm's mistake shows when its file is loaded, not when it takes effect or a clock first needs it.
    pack = _overlaid(built_in, given, ())
    _ = pack.device_types, pack.thresholds, pack.priority
    if any(overlay.file.clock for overlay in given):
        _ = pack.clocks
    pending = tuple(overlay for overlay in given if not overlay.in_effect(now))
    return _overlaid(built_in, tuple(one for one in given if one not in pending), pending) if pending else pack


def _overlaid(built_in: Pack, overlays: tuple[Overlay, ...], pending: tuple[Overlay, ...]) -> Pack:
    """`built_in` with the firm's files on top; with none of them in effect it is the same policy."""
    digest = hashlib.sha256(built_in.digest.encode())
    for overlay in overlays:
        digest.update(overlay.digest.encode())
    return Pack(
        names=(*built_in.names, *(overlay.file.name for overlay in overlays)),
        version=", ".join((built_in.version, *(f"{overlay.file.name} {overlay.file.version}" for overlay in overlays))),
        digest=digest.hexdigest() if overlays else built_in.digest,
        overlays=overlays,
        pending=pending,
        _files=built_in._files,
    )


@lru_cache(maxsize=8)
def _built_in(names: tuple[str, ...]) -> Pack:
    files: dict[str, tuple[bytes, ...]] = {}
    versions = []
    digest = hashlib.sha256()
    for name in names:
        for path in _paths(name):
            content = read_bytes(path)
            digest.update(f"{name}/{path.name}\0{len(content)}\0".encode())
            digest.update(content)
            if path.name == "pack.toml":
                versions.append(f"{name} {parse(content, tables.PackHead, name=f'{name}/pack.toml').version}")
            else:
                files[path.stem] = (*files.get(path.stem, ()), content)
    return Pack(names=names, version=", ".join(versions), digest=digest.hexdigest(), _files=files)


def _paths(name: str) -> list[Path]:
    known = sorted(path.name for path in HOME.iterdir() if path.is_dir())
    if name not in known:
        raise PolicyError(
            f"there is no policy pack “{name}”",
            next_step=f"Use one of: {', '.join(known)}; a firm's own file is given as an overlay.",
        )
    return sorted((HOME / name).glob("*.toml"))
