"""Records in words: what was done, to what, and values as people read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from postmarket.records.entries import Draft
from postmarket.records.interface import Snapshot, Subject, Unsaid, Value
from postmarket.records.models import Entry
from postmarket.records.queries import differences
from postmarket.web.components.tags import unknown

LONGEST_NAME = 80
HASH = re.compile(r"[0-9a-f]{24,}")
SHOWN_OF_HASH = 8


@dataclass(frozen=True)
class FieldRow:
    """One field before and after, as HTML; `changed` is None where only one side says anything."""

    path: str
    before: str
    after: str
    changed: bool | None


def deed(kind: str) -> str:
    """`device-line.named` as "Device line named"."""
    return kind.replace(".", " ").replace("-", " ").capitalize()


def subject_words(entry: Entry) -> str:
    """The subject by the name it has in this entry, if it has one, with its kind and id."""
    plain = plain_words(entry.subject)
    name = _name(entry.said)
    return f"{name} ({plain})" if name else plain


def plain_words(subject: Subject) -> str:
    """Kind and id; of an id that is a long hash its beginning, since the link has all of it."""
    id_ = f"{subject.id[:SHOWN_OF_HASH]}…" if HASH.fullmatch(subject.id) else subject.id
    return f"{subject.kind.replace('-', ' ')} {id_}"


def subject_url(subject: Subject) -> str:
    """The page of a subject's history."""
    return reverse("record-subject", kwargs={"kind": subject.kind, "id": subject.id})


def subject_link(entry: Entry) -> SafeString:
    """The subject in words, as a link to its history."""
    return format_html('<a href="{}">{}</a>', subject_url(entry.subject), subject_words(entry))


def who(entry: Entry) -> str | None:
    """The printed name of who acted, as it then was."""
    return entry.said.actor.name if entry.said else None


def changed_fields(entry: Entry) -> tuple[str, ...]:
    """The fields that this entry changed, by path; none where it does not say what was before."""
    said = entry.said
    if said is None or isinstance(said.before, Unsaid) or isinstance(said.after, Unsaid):
        return ()
    return tuple(change.path for change in differences(said.before, said.after))


def field_rows(said: Draft) -> list[FieldRow]:
    """Before and after side by side, in the order of the fields' names."""
    before, after = said.before, said.after
    was, now = _leaves(before), _leaves(after)
    both = not isinstance(before, Unsaid) and not isinstance(after, Unsaid)
    rows = []
    for path in sorted({*was, *now}):
        one = value_words(was[path]) if path in was else _absent(before)
        other = value_words(now[path]) if path in now else _absent(after)
        differs = (path in was) != (path in now) or json.dumps(was.get(path)) != json.dumps(now.get(path))
        rows.append(FieldRow(path, one, other, differs if both else None))
    return rows


def value_rows(snapshot: Snapshot | None) -> list[tuple[str, str]]:
    """Every field of a snapshot with its value as HTML."""
    return [(path, value_words(value)) for path, value in sorted(_leaves(snapshot).items())]


def value_words(value: Value) -> str:
    """A value as people read it; what is not known is hatched."""
    match value:
        case None:
            return unknown()
        case "":
            return "empty"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case str():
            return value
        case _:
            return "none"  # an empty list or mapping; others are told leaf by leaf


def private_ids(snapshot: Snapshot | None) -> list[str]:
    """The private data that a snapshot names, in the order of its fields."""
    return [str(value) for path, value in _leaves(snapshot).items() if path.rpartition(".")[2] == "private" and value]


def _leaves(snapshot: Snapshot | Unsaid | None) -> dict[str, Value]:
    if snapshot is None or isinstance(snapshot, Unsaid):
        return {}
    return dict(_walked(snapshot, ""))


def _walked(value: Value, path: str) -> Iterator[tuple[str, Value]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _walked(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, (list, tuple)) and value:
        for place, item in enumerate(value):
            yield from _walked(item, f"{path}[{place}]")
    else:
        yield path, value


def _absent(side: Snapshot | Unsaid | None) -> str:
    return "not said" if isinstance(side, Unsaid) else "not there"


def _name(said: Draft | None) -> str:
    if said is None:
        return ""
    for side in (said.after, said.before):
        name = side.get("name") if isinstance(side, dict) else None
        if isinstance(name, str) and name:
            return name[:LONGEST_NAME]
    return ""
