"""Sample data: an example manufacturer whose names no real firm or product bears."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest

from postmarket.web import clock
from postmarket.web.components.actions import Phase
from postmarket.web.components.charts import Due, Share
from postmarket.web.components.feedback import Work, WorkState
from postmarket.web.components.tags import Meaning, badge
from postmarket.web.navigation import Entry, Group
from postmarket.web.shell import AsOf, Shell, SourceAge
from postmarket.web.table import Choice, Column, Search, Table
from postmarket.web.theme import Theme

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Version:
    """One row of the sample table."""

    device: str
    version: str
    status: str
    units: int
    currency_days: int | None
    seen: datetime | None


DEVICES = ("AeroVent 5", "VersaPump 3", "ClearView 2", "BillGate 4")
STATUSES = ("affected", "unknown", "fixed", "not affected")
VERSIONS = tuple(
    Version(
        device=DEVICES[n % 4],
        version=f"{1 + n % 7}.{n % 5}",
        status=STATUSES[n % 4 if n % 3 else 0],
        units=(n * 137) % 2306,
        currency_days=None if n % 6 == 5 else (n * 31) % 420,
        seen=None if n % 9 == 8 else NOW - timedelta(hours=7 * n),
    )
    for n in range(1, 138)
)
STATUS_MEANING = {"affected": Meaning.HARM, "fixed": Meaning.SAFE, "not affected": Meaning.SAFE}

TABLE = Table(
    name="versions",
    caption="Device versions",
    page_size=8,
    sort="-units",
    columns=(
        Column[Version](key="version", label="Version", heads=True, value=lambda row: f"{row.device} {row.version}"),
        Column[Version](
            key="status",
            label="Status",
            value=lambda row: row.status,
            show=lambda row: badge(STATUS_MEANING.get(row.status, Meaning.UNKNOWN), row.status.capitalize()),
        ),
        Column[Version](
            key="currency",
            label="SBOM age, days",
            numeric=True,
            wide_only=True,
            value=lambda row: row.currency_days,
        ),
        Column[Version](key="seen", label="Last matched", descends=True, wide_only=True, value=lambda row: row.seen),
        Column[Version](key="units", label="Units", numeric=True, descends=True, value=lambda row: row.units),
    ),
    filters=(
        Search(
            label="Find a version",
            narrow=lambda rows, text: [r for r in rows if text.casefold() in f"{r.device} {r.version}".casefold()],
        ),
        Choice(
            key="status",
            label="Status",
            options=tuple((status, status.capitalize()) for status in STATUSES),
            narrow=lambda rows, status: [row for row in rows if row.status == status],
        ),
    ),
    takes=None,
)

COVERAGE = (
    Share(Meaning.HARM, "Affected", 118),
    Share(Meaning.SAFE, "Monitored, nothing found", 1043),
    Share(Meaning.UNKNOWN, "Unidentified", 91),
    Share(Meaning.PLAIN, "No source covers", 52),
)


def dues() -> list[Due]:
    """Clocks around the request's instant."""
    now = clock.now()
    return [
        Due(now + timedelta(days=1), "806 report", "PSIRT-2026-0041", Meaning.HARM, "#"),
        Due(now + timedelta(days=3), "Mitigate", "PSIRT-2026-0043", Meaning.SOON, "#"),
        Due(now + timedelta(days=7), "30-day", "PSIRT-2026-0038", Meaning.SOON, "#"),
        Due(now + timedelta(days=11), "Acknowledge", "Report 0112", Meaning.ACT, "#"),
        Due(now + timedelta(days=16), "60-day", "PSIRT-2026-0036", Meaning.ACT, "#"),
        Due(now + timedelta(days=20), "Embargo ends", "VU#480190", Meaning.SECRET, "#"),
        Due(now + timedelta(days=25), "Patch", "PSIRT-2026-0029", Meaning.ACT, "#"),
        Due(now + timedelta(days=29), "Patch", "PSIRT-2026-0030", Meaning.ACT, "#"),
    ]


def works() -> list[Work]:
    """Long work in each of its states."""
    return [
        Work(
            what="Reading SBOMs", state=WorkState.RUNNING, done=312, total=1000, unit="files", line="About 20 s left."
        ),
        Work(what="Loading NVD", state=WorkState.RUNNING, done=41200, unit="CVEs", line="The size isn't known yet."),
        Work(what="Matching", state=WorkState.WAITING, total=5, unit="steps"),
        Work(what="Loading KEV", state=WorkState.DONE, done=1400, total=1400, unit="entries", line="In 2 s."),
        Work(
            what="Loading EPSS",
            state=WorkState.FAILED,
            done=120,
            total=280,
            unit="thousand scores",
            line="The network ended it. What came is kept; the next run goes on from here.",
        ),
    ]


def phases() -> list[Phase]:
    """A case half-way."""
    now = clock.now()
    return [
        Phase("Received", now - timedelta(days=17)),
        Phase("Triaged", now - timedelta(days=17)),
        Phase("Assessed", now - timedelta(days=14)),
        Phase("Remediating", now - timedelta(days=14), now=True),
        Phase("Communicated"),
        Phase("Closed"),
    ]


def moments() -> list[datetime]:
    """Dates near and far."""
    now = clock.now()
    return [now + timedelta(days=days, hours=1) for days in (-400, -30, -3, -1, 0, 1, 3, 10, 30, 60, 400)]


class SampleShell(Shell):
    """A full frame around the samples."""

    def __init__(self, request: HttpRequest, current: str = "Today") -> None:
        super().__init__(request)
        self.__dict__ |= {
            "signed_in": True,
            "groups": _groups(current),
            "search_url": "/design/",
            "account_url": "/design/",
            "person_name": "Mara Lindqvist",
            "person_role": "PSIRT analyst",
            "as_of": _as_of(),
        }
        asked = request.GET.get("theme")
        if asked in set(Theme):
            self.__dict__["theme"] = Theme(asked)


def _as_of() -> AsOf:
    now = clock.now()
    sources = (
        SourceAge("NVD", now - timedelta(hours=2)),
        SourceAge("KEV", now - timedelta(hours=2)),
        SourceAge("CISA medical", now - timedelta(days=1)),
    )
    return AsOf(now - timedelta(hours=3), sources, "#")


def _groups(current: str) -> tuple[Group, ...]:
    def entry(label: str, icon: str, count: int | None = None, *, phone: bool = False, key: str = "") -> Entry:
        return Entry(label, "#" + label.casefold(), icon, label == current, count, phone, key)

    return (
        Group(
            "",
            (
                entry("Today", "home", 4, phone=True, key="t"),
                entry("Triage", "checklist", 14, phone=True, key="r"),
                entry("Cases", "folder", 12, phone=True, key="k"),
            ),
        ),
        Group(
            "Portfolio",
            (
                entry("Devices", "heartbeat", phone=True, key="d"),
                entry("Vulnerabilities", "bug", key="v"),
                entry("Suppliers", "truck-delivery", key="s"),
            ),
        ),
        Group("Outside", (entry("Reports", "message-report", 2), entry("Feeds", "rss", key="f"))),
        Group("Proof", (entry("Records", "history", key="h"),)),
    )
