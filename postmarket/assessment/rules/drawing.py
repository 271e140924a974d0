"""
Where the boxes and arrows of a pathway stand: plain numbers in SVG user units, which a page only has to write out.

Boxes run from left to right and go on in the next row; controls hang below the step they act on. With `per_row=1` it is
a column of wide boxes, for a phone.
"""

from __future__ import annotations

import textwrap
from enum import StrEnum
from itertools import pairwise

import msgspec

from postmarket.assessment.rules.content import Pathway, Step, StepControl
from postmarket.assessment.words import ControlState, StepKind

BOX_WIDTH = 132
COLUMN_WIDTH = 300
"""A box of a column."""
GAP = 20
PADDING = 10
TITLE_HEIGHT = 18
LINE_HEIGHT = 17
MARK_LINE_HEIGHT = 15
DROP = 26
"""From the lower edge of a box to its first control."""
ROW_GAP = 28
ARROW_INSET = 28
"""From the right-hand edge of a column to its arrows, which pass the controls there."""
LETTER_WORDS = 7.0
"""Width of a character at 14 px on the average; the details and controls are smaller."""
LETTER_DETAIL = 6.2
LETTER_MARK = 6.2
MOST_LINES = 4


class Tone(StrEnum):
    """What a box or mark is coloured by; a page gives each a colour and always shows the word beside it."""

    PLAIN = "plain"
    AT_RISK = "at-risk"
    HARM = "harm"
    GOOD = "good"
    WEAK = "weak"
    UNKNOWN = "unknown"


TITLES = {StepKind.BEHAVIOUR: "device", StepKind.SITUATION: "situation"}
"""Kinds whose whole name is too long for a box."""
_TONES = {StepKind.BEHAVIOUR: Tone.AT_RISK, StepKind.SITUATION: Tone.AT_RISK, StepKind.HARM: Tone.HARM}
_MARKS = {
    ControlState.VERIFIED: Tone.GOOD,
    ControlState.PARTIAL: Tone.WEAK,
    ControlState.NOT_ASSUMED: Tone.UNKNOWN,
}


class Line(msgspec.Struct, frozen=True):
    """One line of text; `y` is its baseline."""

    x: int
    y: int
    text: str


class Box(msgspec.Struct, frozen=True):
    """One step: `title` is its kind, `lines` its words, `detail` the smaller lines below."""

    x: int
    y: int
    width: int
    height: int
    kind: StepKind
    tone: Tone
    title: Line
    lines: tuple[Line, ...]
    detail: tuple[Line, ...]


class Arrow(msgspec.Struct, frozen=True):
    """From one box to the next, as the points of a line; the head is at the last."""

    points: tuple[tuple[int, int], ...]


class Mark(msgspec.Struct, frozen=True):
    """A control: its dot, the dashed line up to its step, and its words; the first `named` lines are its name."""

    x: int
    y: int
    from_y: int
    state: ControlState
    tone: Tone
    credited: bool
    lines: tuple[Line, ...]
    named: int


class Drawing(msgspec.Struct, frozen=True):
    """The whole picture, `width` × `height`."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    marks: tuple[Mark, ...]


def layout(pathway: Pathway, *, per_row: int = 6) -> Drawing:
    """Boxes, arrows and marks of `pathway`, `per_row` (1 or more) boxes side by side; empty when it has no steps."""
    boxes: list[Box] = []
    marks: list[Mark] = []
    width = COLUMN_WIDTH if per_row == 1 else BOX_WIDTH
    top = bottom = 0
    for start in range(0, len(pathway.steps), per_row):
        row = pathway.steps[start : start + per_row]
        height = max(_height(step, width) for step in row)
        bottom = top + height
        for place, step in enumerate(row):
            box = _box(step, x=place * (width + GAP), y=top, width=width, height=height)
            boxes.append(box)
            hung = _marks(step.controls, box)
            marks += hung
            bottom = max([bottom, *(mark.lines[-1].y for mark in hung)])
        top = bottom + ROW_GAP
    arrows = tuple(_arrow(one, two) for one, two in pairwise(boxes))
    edges = [box.x + box.width for box in boxes] + [x for arrow in arrows for x, _ in arrow.points]
    return Drawing(max(edges, default=0), bottom + PADDING if boxes else 0, tuple(boxes), arrows, tuple(marks))


def _height(step: Step, width: int) -> int:
    lines = len(_wrapped(step.words, width, LETTER_WORDS)) + len(_wrapped(step.detail, width, LETTER_DETAIL))
    return PADDING + TITLE_HEIGHT + lines * LINE_HEIGHT + PADDING


def _box(step: Step, *, x: int, y: int, width: int, height: int) -> Box:
    left, base = x + PADDING, y + PADDING + TITLE_HEIGHT
    title = Line(left, base - 4, TITLES.get(step.kind, step.kind.value).capitalize())
    lines = _lines(_wrapped(step.words, width, LETTER_WORDS), x=left, y=base)
    below = base + len(lines) * LINE_HEIGHT
    detail = _lines(_wrapped(step.detail, width, LETTER_DETAIL), x=left, y=below)
    return Box(x, y, width, height, step.kind, _TONES.get(step.kind, Tone.PLAIN), title, lines, detail)


def _marks(controls: tuple[StepControl, ...], box: Box) -> list[Mark]:
    found: list[Mark] = []
    edge = box.y + box.height
    y = edge + DROP
    x = box.x + PADDING * 2
    for control in controls:
        credit = "credited" if control.credited else ""
        said = ", ".join(one for one in (control.state.value, control.evidence, control.reach, credit) if one)
        name = _wrapped(control.name, box.width, LETTER_MARK)
        words = (*name, *_wrapped(said, box.width, LETTER_MARK))
        lines = tuple(Line(x + PADDING, y + 4 + place * MARK_LINE_HEIGHT, text) for place, text in enumerate(words))
        tone = _MARKS[control.state]
        found.append(Mark(x - 2, y, edge, control.state, tone, control.credited, lines, len(name)))
        y = lines[-1].y + MARK_LINE_HEIGHT
    return found


def _arrow(one: Box, two: Box) -> Arrow:
    middle = one.y + one.height // 2
    if one.y == two.y:
        return Arrow(((one.x + one.width, middle), (two.x, middle)))
    if one.x == two.x:
        down = one.x + one.width - ARROW_INSET
        return Arrow(((down, one.y + one.height), (down, two.y)))
    # To the next row: down the right-hand side of the row, along the gap above it, and into the box from above.
    gap, right, into = two.y - ROW_GAP // 2, one.x + one.width, two.x + two.width // 2
    return Arrow(((right, middle), (right + GAP // 2, middle), (right + GAP // 2, gap), (into, gap), (into, two.y)))


def _lines(said: tuple[str, ...], *, x: int, y: int) -> tuple[Line, ...]:
    return tuple(Line(x, y + (place + 1) * LINE_HEIGHT - 4, line) for place, line in enumerate(said))


def _wrapped(text: str, width: int, letter: float) -> tuple[str, ...]:
    """At most four lines in a box of `width`; a word that is too long is broken, and what does not fit ends in …"""
    fits = int((width - PADDING * 2) / letter)
    return tuple(textwrap.wrap(text, fits, max_lines=MOST_LINES, placeholder=" …"))
