"""What is said of a report, and whether it can be right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from postmarket.intake.errors import InvalidReport
from postmarket.intake.words import ReporterKind

LONGEST_LINE = 200
LONGEST_TEXT = 100_000
LINE_BREAKS = str.maketrans("", "", "\n\r\t")


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported, and how to answer them: personal data."""

    name: str = ""
    contact: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.contact)


@dataclass(frozen=True, slots=True)
class ReportFields:
    """
    What a person enters of a report.

    `known_since` is when anybody in the firm first knew of it (with a zone). `harm_reported` None: nobody asked yet.
    """

    title: str
    text: str
    known_since: datetime
    kind: ReporterKind = ReporterKind.RESEARCHER
    organisation: str = ""
    reporter: Reporter = Reporter()
    vulnerability: str = ""
    harm_reported: bool | None = None


def check_report(fields: ReportFields, *, now: datetime) -> ReportFields:
    """The fields as they are kept, in UTC. Raises InvalidReport, which names the field."""
    if fields.known_since.tzinfo is None:
        raise InvalidReport("This time names no time zone", where="known since", next_step="Give it with its zone.")
    since = fields.known_since.astimezone(UTC)
    if since > now:
        raise InvalidReport(
            "Nobody can have known it after now",
            where="known since",
            next_step="Give the day and time at which somebody in the firm first knew of it.",
        )
    return replace(
        fields,
        title=one_line("title", fields.title, needed="Say in one sentence what was reported."),
        text=text("report", fields.text, needed="Paste or write down what was reported."),
        known_since=since,
        organisation=one_line("organisation", fields.organisation),
        reporter=Reporter(
            one_line("reporter", fields.reporter.name), one_line("way to answer", fields.reporter.contact)
        ),
        vulnerability=one_line("vulnerability", fields.vulnerability),
    )


def one_line(name: str, said: str, *, needed: str = "") -> str:
    """One line. Raises InvalidReport when it is overlong or unprintable, or empty although `needed` asks for it."""
    plain = " ".join(said.split())
    if len(plain) > LONGEST_LINE or not plain.isprintable():
        raise InvalidReport(
            f"The {name} cannot be kept",
            where=name,
            why=f"it has at most {LONGEST_LINE} printable characters",
            next_step="Shorten it.",
        )
    if needed and not plain:
        raise InvalidReport(f"The {name} is missing", where=name, next_step=needed)
    return plain


def text(name: str, said: str, *, needed: str) -> str:
    """Some paragraphs. Raises InvalidReport when there are none, too many, or characters that cannot be shown."""
    plain = said.strip()
    if len(plain) > LONGEST_TEXT or not plain.translate(LINE_BREAKS).isprintable():
        raise InvalidReport(
            f"The {name} cannot be kept as text",
            where=name,
            why=f"it has at most {LONGEST_TEXT:,} printable characters",
            next_step="Shorten it, and attach the whole as a file.",
        )
    if not plain:
        raise InvalidReport(f"The {name} is missing", where=name, next_step=needed)
    return plain
