"""The list of clocks."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html

from postmarket.policy.interface import Authority, Clock
from postmarket.web.components.tags import Meaning, badge
from postmarket.web.table import Choice, Column, Search, Table


def _title(clock: Clock) -> str:
    return format_html(
        '{}<div class="small quiet">starts: {}<br>stops: {}</div>',
        clock.title,
        clock.starts_when or ", ".join(basis.value for basis in clock.starts_on),
        clock.stops_on,
    )


def _time(clock: Clock) -> str:
    doubt = "" if clock.verified else format_html(" {}", badge(Meaning.UNKNOWN, "to be verified"))
    return format_html("{}{}", clock.words, doubt)


def _matching(rows: Sequence[Clock], words: str) -> list[Clock]:
    wanted = words.casefold()
    return [one for one in rows if wanted in f"{one.id} {one.title} {one.citation.text} {one.starts_when}".casefold()]


CLOCKS = Table(
    name="clocks",
    caption="Clocks",
    filters=(
        Search(label="Clock, citation or event", narrow=_matching),
        Choice(
            key="authority",
            label="Whose rule",
            options=tuple((authority.name.lower(), authority.value) for authority in Authority),
            narrow=lambda rows, name: [one for one in rows if one.citation.authority is Authority[name.upper()]],
        ),
    ),
    columns=(
        Column[Clock](key="title", label="Clock", heads=True, value=lambda clock: clock.title, show=_title),
        Column[Clock](key="id", label="Id", wide_only=True, value=lambda clock: clock.id),
        Column[Clock](key="time", label="Time", sortable=False, value=lambda clock: clock.words, show=_time),
        Column[Clock](
            key="authority",
            label="Whose rule",
            value=lambda clock: clock.citation.authority.value,
            show=lambda clock: badge(Meaning.PLAIN, clock.citation.authority.value),
        ),
        Column[Clock](key="citation", label="Where it stands", wide_only=True, value=lambda clock: clock.citation.text),
        Column[Clock](
            key="flags",
            label="Differences",
            wide_only=True,
            value=lambda clock: ", ".join(clock.citation.flags) or "none",
        ),
        Column[Clock](key="starts", label="Starts", export_only=True, value=lambda clock: clock.starts_when),
        Column[Clock](key="stops", label="Stops", export_only=True, value=lambda clock: clock.stops_on),
        Column[Clock](key="pausable", label="Can pause", export_only=True, value=lambda clock: clock.pausable),
        Column[Clock](key="verified", label="Verified", export_only=True, value=lambda clock: clock.verified),
        Column[Clock](key="effective", label="Since", export_only=True, value=lambda clock: clock.effective),
    ),
)
