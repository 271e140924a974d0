"""The first sentence of the day, written from the data; calm when all is calm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from postmarket.web.components.text import counted_words, plural
from postmarket.web.pages.findings.blank import NO_DATA, NO_DEVICE, NONE_SHIPPED, to_match

MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """
    What the headline is made of; counts are of findings nobody has decided.

    `late` are past a date, `pressing` cannot wait (priority NOW) and are on `devices`; `due_words` says when the next
    date falls ("tomorrow, 24 Nov") and `due` how many fall then. `to_sign` decisions and
    `to_sign_assessments` wait for this person, who has `own_cases` and `own_tasks` that are open, and may say
    whose the `held` SBOMs are; what `reopened` and
    `reopened_assessments` rest on has changed.
    `late_clocks` are clocks of cases that have passed, `soon_clocks` those that end within a week. `incident` says what
    is not isolated at a hospital yet, in a sentence: it comes before all else. `judging` are versions that wait to be
    matched, after an import or new vulnerability data: with any of them nothing is called calm. `versions` are shipped
    ones; `any_device` is asked where there are none.
    """

    versions: int
    loaded: bool
    incident: str = ""
    late: int = 0
    late_clocks: int = 0
    soon_clocks: int = 0
    pressing: int = 0
    devices: Sequence[str] = ()
    due: int = 0
    due_words: str = ""
    to_sign: int = 0
    to_sign_assessments: int = 0
    reopened: int = 0
    reopened_assessments: int = 0
    open: int = 0
    own_cases: int = 0
    own_tasks: int = 0
    held: int = 0
    unseen_versions: int = 0
    judging: int = 0
    any_device: bool = False


def headline(day: Day) -> str:
    """One or two sentences: the worst first, then what waits for this person."""
    if not day.versions:
        return NONE_SHIPPED if day.any_device else NO_DEVICE
    if not day.loaded:
        return NO_DATA
    waits = _both(day.to_sign_assessments, day.to_sign, ("waits", "wait"), "for your signature.")
    first = _first(day) or _calm(day, waits=bool(waits))
    return " ".join(one for one in (first, to_match(day.judging), waits) if one)


def _first(day: Day) -> str:
    """The worst of what is open; empty where nothing is."""
    if day.incident:
        return day.incident
    if day.late_clocks:
        has = "has" if day.late_clocks == 1 else "have"
        return f"{counted_words(day.late_clocks, 'clock')} of open cases {has} passed."
    if day.soon_clocks and not day.late:
        ends = "ends" if day.soon_clocks == 1 else "end"
        clocks = f"{counted_words(day.soon_clocks, 'clock')} of open cases {ends} within a week"
        return (
            f"{clocks}; {counted_words(day.pressing, 'finding').lower()} cannot wait." if day.pressing else f"{clocks}."
        )
    if day.late:
        one = day.late == 1
        return f"{counted_words(day.late, 'finding')} {'is past its date' if one else 'are past their date'}."
    if day.pressing:
        return f"{counted_words(day.pressing, 'finding')} cannot wait, on {_named(day.devices)}."
    if again := day.reopened_assessments + day.reopened:
        them = "it" if again == 1 else "they"
        said = f"re-opened: what {them} rested on changed."
        return _both(day.reopened_assessments, day.reopened, ("", ""), said)
    if day.due:
        return f"Next date: {day.due_words}, for {counted_words(day.due, 'finding').lower()}."
    if day.open:
        return f"Nothing is late and nothing presses. {counted_words(day.open, 'finding')} can be judged in order."
    return ""


def _both(assessments: int, decisions: int, verb: tuple[str, str], rest: str) -> str:
    """How many assessments and decisions `verb` (of one, of several) `rest`; "" of none."""
    counted = [(assessments, "assessment"), (decisions, "decision")]
    said = [counted_words(number, noun) for number, noun in counted if number]
    if not said:
        return ""
    told = " and ".join([said[0], *(one[0].lower() + one[1:] for one in said[1:])])
    return " ".join(word for word in (told, verb[assessments + decisions > 1], rest) if word)


def _calm(day: Day, *, waits: bool) -> str:
    """Empty while nobody can call the day calm; calm only when nothing waits for this person either."""
    if day.judging:
        return ""
    own = _own(day)
    if day.unseen_versions:
        open_ = "late" if own or waits else "open"
        return f"Nothing is {open_}, but {plural(day.unseen_versions, 'version')} cannot be seen.{own}"
    return f"Nothing is late.{own}" if own or waits else "All is calm. Nothing is late, nothing waits."


def _own(day: Day) -> str:
    """What of this person's own is open, as further sentences."""
    said = []
    for number, noun in ((day.own_cases, "case"), (day.own_tasks, "task")):
        if number:
            said.append(f"{counted_words(number, noun)} of yours {'is' if number == 1 else 'are'} open.")
    if day.held:
        it = "it is" if day.held == 1 else "they are"
        said.append(
            f"{counted_words(day.held, 'SBOM')} {'is' if day.held == 1 else 'are'} held until you say whose {it}."
        )
    return "".join(f" {one}" for one in said)


def _named(names: Sequence[str]) -> str:
    """ "Ventorsa 5, Dosimere 3 and Vigilorn 7"; many are counted."""
    if len(names) > MOST_NAMED:
        return f"{len(names)} devices"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
