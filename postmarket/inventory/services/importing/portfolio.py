"""The import itself: one file, one transaction, one record of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from postmarket.accounts.authority import Caller, require
from postmarket.accounts.models import DeviceLine
from postmarket.accounts.permissions import Permission
from postmarket.inventory.days import site_day
from postmarket.inventory.services.importing.devices import import_device
from postmarket.inventory.services.importing.interface import Imported, Importing, Outcome, Progress, Silence
from postmarket.inventory.services.importing.suppliers import import_supplier
from postmarket.inventory.services.importing.versions import import_version
from postmarket.inventory.services.reasons import reason
from postmarket.policy.pack import Pack
from postmarket.records import Subject, act, evidence
from postmarket.records.trail import Act
from postmarket.worklist.portfolio import listed_type
from postmarket.worklist.portfolio_checks import check_listed
from postmarket.worklist.portfolio_file import ListedDevice, PortfolioFile, read_file

SUBJECT = "portfolio-import"
MEDIA_TYPE = "application/yaml"


class _DryRun(Exception):
    """Undoes what a dry run did."""


def import_portfolio(
    *,
    by: Caller,
    path: Path,
    pack: Pack,
    why: str,
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """
    Add and change what the portfolio file `path` says, all of it or nothing; what it does not say stays as it is.

    The file and its SBOMs are kept as evidence. Importing it again changes nothing and leaves no record. A dry run does
    everything and takes it back; only the files it kept stay. `progress` counts the versions of the file.
    Raises PortfolioError for what is no portfolio, ImportRefused for what the inventory refuses (each names file,
    device, version and field), NotAllowed, NoReason.
    """
    for permission in (Permission.DEVICES_EDIT, Permission.SUPPLIERS_EDIT, Permission.SBOMS_UPLOAD):
        require(by, permission, on=None)
    listed = read_file(path)
    notices = _checked(listed, pack=pack, now=now)
    lines = {line.key: line for line in DeviceLine.objects.all()}
    importing = Importing(by, reason(why), now, site_day(now), dry_run, lines)
    try:
        with act(actor=by.actor, at=now, why=importing.why) as doing:
            _import(importing, listed, folder=path.parent, progress=progress or Silence())
            done = Imported(tuple(importing.changes), notices, dry_run)
            if dry_run:
                raise _DryRun
            if not done.changed_nothing:
                _record(doing, done, path)
    except _DryRun:
        pass
    return done


def _checked(listed: PortfolioFile, *, pack: Pack, now: datetime) -> tuple[str, ...]:
    """Refuse what an import cannot mean; what looks like a slip comes back in words."""
    notices = _passed_over(listed)
    for device in listed.devices:
        listed_type(device, pack)
        _each_version_once(device)
        notices.extend(notice.text for notice in check_listed(device, now=now))
    return tuple(notices)


def _passed_over(listed: PortfolioFile) -> list[str]:
    """What a scan reads and an import does not, with where it goes instead."""
    said = []
    if listed.vex:
        said.append(
            f"vex: not imported: {', '.join(listed.vex)}. What suppliers say there counts once somebody takes it in on"
            " the site, under Suppliers' VEX."
        )
    if listed.aliases:
        said.append(
            f"aliases: not imported: {', '.join(listed.aliases)}. The site has the firm's under Components, Aliases:"
            " each is proposed and approved with a reason."
        )
    return said


def _each_version_once(device: ListedDevice) -> None:
    seen: set[str] = set()
    for version in device.versions:
        label = " ".join(version.version.split()).casefold()
        if label in seen:
            version.part.refuse(
                "version", "this version is listed twice", "Import it with the SBOM of what ships; keep one of the two."
            )
        seen.add(label)


def _import(importing: Importing, listed: PortfolioFile, *, folder: Path, progress: Progress) -> None:
    progress.total(sum(len(device.versions) for device in listed.devices))
    for supplier in listed.suppliers:
        import_supplier(importing, supplier)
    done = 0
    for one in listed.devices:
        device = import_device(importing, one, manufacturer=listed.manufacturer)
        for version in one.versions:
            progress.reading(f"{device.name} {version.version}", done)
            import_version(importing, device, version, folder=folder)
            done += 1
    progress.reading("", done)


def _record(doing: Act, done: Imported, path: Path) -> None:
    row = evidence.keep(doing, path, media_type=MEDIA_TYPE, source=f"{path.name}, imported by {doing.actor.name}")
    doing.note(
        "portfolio.imported",
        subject=Subject(SUBJECT, row.sha256),
        detail={
            "file": path.name,
            "counts": {
                outcome.value: {kind.value: number for kind, number in counted.items()}
                for outcome, counted in done.counts.items()
                if outcome is not Outcome.UNCHANGED
            },
        },
    )
