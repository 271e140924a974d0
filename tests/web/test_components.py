"""The components say what they are for, and never only by colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmarket.web.components.charts import Due, Share, share, timeline
from postmarket.web.components.dates import age, clock_time, exact, in_words, said
from postmarket.web.components.feedback import Work, WorkState
from postmarket.web.components.tags import Meaning, badge

Draw = Callable[..., str]
Ask = Callable[[str], HttpRequest]


def test_a_colour_comes_with_a_word() -> None:
    """Colour alone says nothing to many people, and a colour nobody knows says nothing to anybody."""
    assert badge("harm", "KEV") == '<span class="tag harm">KEV</span>'
    with pytest.raises(ValueError, match="without a word"):
        badge("harm", " ")
    with pytest.raises(ValueError, match="crimson"):
        badge("crimson", "KEV")


def test_unknown_is_hatched_and_zero_is_not_unknown(draw: Draw) -> None:
    """Nothing known is a mark of its own; none at all is a number."""
    drawn = draw("{{ none|or_unknown }}|{{ zero|or_unknown }}|{{ none|counted }}|{{ zero|counted }}", none=None, zero=0)

    assert drawn == '<span class="tag unknown"><span>unknown</span></span>|0|unknown|0'


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "today, 17:00"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "tomorrow, 24 Nov"),
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 22), "yesterday, 22 Nov"),
        (date(2026, 12, 4), "Fri 4 Dec"),
        (date(2026, 12, 18), "18 Dec"),
        (date(2027, 1, 5), "5 Jan 2027"),
    ],
)
def test_dates_are_said_as_people_say_them(monday: datetime, moment: date | datetime, words: str) -> None:
    """In the site's zone: half past eleven in the evening UTC is tomorrow in Berlin."""
    assert in_words(moment) == words


def test_days_in_a_sentence_are_said_as_people_say_them(monday: datetime, draw: Draw) -> None:
    """Whatever stands around them stays, escaped; what only looks like a day stays too."""
    drawn = draw(
        "{{ why|dated }}", why="Added on 2026-11-20, <was> 2025-01-02. CVE-2026-11-20 and 2026-13-45 are none."
    )

    assert re.sub(r"<[^>]+>", "", drawn) == (
        "Added on Fri 20 Nov, &lt;was&gt; 2 Jan 2025. CVE-2026-11-20 and 2026-13-45 are none."
    )
    assert 'data-exact="Fri 20 Nov 2026"' in drawn


def test_the_exact_time_stands_on_hover_and_on_paper(monday: datetime) -> None:
    """With its zone, and for machines in UTC."""
    element = said(datetime(2026, 11, 24, 16, 0, tzinfo=UTC))

    assert 'datetime="2026-11-24T16:00:00+00:00"' in element
    assert element.count("Tue 24 Nov 2026, 17:00:00 CET (UTC+01:00)") == 2
    assert exact(None) == "unknown"
    with pytest.raises(ValueError, match="without a zone"):
        said(datetime(2026, 11, 24, 16, 0))  # noqa: DTZ001


def test_ages_are_said_in_one_unit(monday: datetime) -> None:
    """As long ago as matters."""
    ages = [age(monday - timedelta(minutes=minutes)) for minutes in (0, 12, 125, 3000)]

    assert ages == ["now", "12 min", "2 h", "2 d"]
    assert clock_time(monday - timedelta(days=1)) == "yesterday, 10:30"


def test_a_bar_says_its_figures_and_shows_the_smallest_part() -> None:
    """One of a thousand is still seen; the parts fill the whole."""
    bar = share([Share(Meaning.HARM, "Affected", 1), Share(Meaning.SAFE, "Clear", 999)], "Coverage")
    widths = [float(width) for width in re.findall(r'x="[\d.]+%" width="([\d.]+)%"', bar)]

    assert 'aria-label="Coverage: Affected 1, Clear 999"' in bar
    assert widths[0] > 1
    assert sum(widths) == pytest.approx(100, abs=0.05)


def test_what_is_late_stands_before_today_and_in_the_list(monday: datetime) -> None:
    """A clock that ran out is the first thing on the picture, never off it."""
    drawn = timeline(
        [
            Due(monday - timedelta(days=40), "Patch", "Dosimere 3.0", Meaning.HARM, "/late"),
            Due(monday - timedelta(days=1), "Mitigate", "Ventorsa 5.2", Meaning.HARM),
            Due(monday + timedelta(days=2), "Mitigate", "Vigilorn 7.2", Meaning.SOON),
            Due(monday + timedelta(days=31), "Patch", "Lumisarn 2.1", Meaning.ACT),
        ]
    )

    assert "Late: 2" in drawn
    assert "Patch, late" in drawn
    assert drawn.index("Dosimere 3.0") < drawn.index("Vigilorn 7.2")
    assert drawn.count("<li>") == 3
    assert "Lumisarn" not in drawn


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.text("abc ", min_size=1, max_size=24)), max_size=25))
def test_labels_cover_no_other_and_nothing_is_left_off_the_list(items: list[tuple[int, str]]) -> None:
    """Every clock keeps its dot and its line in the list; a label that finds no room is left out instead of smeared."""
    from postmarket.web.components import dates

    drawn = timeline([Due(dates.today() + timedelta(days=day), what, what, Meaning.ACT) for day, what in items])

    assert drawn.count("<circle") == len(items)
    assert drawn.count("<li>") == len(items)


def test_a_fold_is_open_when_the_address_says_so(draw: Draw, ask: Ask) -> None:
    """A link shows what its sender saw."""
    source = '{% fold id="grounds" label="Grounds" line="Not reachable." end="9 Nov" %}inside{% endfold %}'

    assert '<details class="fold" id="grounds">' in draw(source, ask("/"))
    assert '<details class="fold" id="grounds" open>' in draw(source, ask("/?open=grounds"))


def test_a_toast_offers_undo_and_escapes_its_words(draw: Draw, ask: Ask) -> None:
    """The way back is a form: it works without scripts."""
    message = Message(25, "Saved for <b>", "undo:/undo/3")
    drawn = draw("{% toast message %}", ask("/"), message=message)

    assert "Saved for &lt;b&gt;" in drawn
    assert '<form method="post" action="/undo/3">' in drawn


def test_work_that_ended_asks_no_more(draw: Draw) -> None:
    """Only what runs is asked again, and what failed says so in words."""
    running = draw("{% work w %}", w=Work(what="Matching", state=WorkState.RUNNING, done=2, total=5, url="/w"))
    failed = draw("{% work w %}", w=Work(what="Matching", state=WorkState.FAILED, line="Run it again.", url="/w"))

    assert 'hx-get="/w"' in running
    assert "hx-get" not in failed
    assert "Failed" in failed


def test_a_field_ties_its_hint_and_its_error_to_itself(draw: Draw) -> None:
    """Those who don't see the page hear what is wrong, also with a group of boxes."""
    from postmarket.web.living.views import SampleForm

    drawn = draw("{% fields form %}", form=SampleForm({"email": "psirt"}))

    assert 'aria-describedby="id_name-hint id_name-wrong"' in drawn
    assert 'id="id_name-wrong"' in drawn
    assert 'id="id_markets-wrong"' in drawn
    ids = re.findall(r' id="([^"]+)"', drawn)
    assert len(ids) == len(set(ids))


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    """An icon that is not there leaves a hole."""
    from postmarket.web.fingerprint import ROOMS

    sprite = (ROOMS / "web/static/web/vendor/icons.svg").read_text()
    named = {
        name
        for path in (ROOMS / "web").rglob("*.html")
        for name in re.findall(r"""\{% icon "([a-z0-9-]+)" """, path.read_text())
    }

    assert named
    assert {name for name in named if f'id="{name}"' not in sprite} == set()
