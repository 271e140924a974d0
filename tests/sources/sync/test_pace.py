"""Never more requests than a service allows in its window."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from postmarket.sources.sync import Quiet
from postmarket.sources.sync.pace import Pace
from tests.sources.sync.conftest import FakeClock


def test_the_sixth_request_waits_for_the_first_to_age() -> None:
    """NVD without a key: five at once, the sixth 30 seconds after the first."""
    clock = FakeClock()
    pace = Pace(5, 30.0, clock=clock, sleep=clock.sleep, progress=Quiet())

    for _ in range(11):
        pace.wait()

    assert clock.slept == [30.0, 30.0]


@given(
    requests=st.integers(1, 6),
    seconds=st.floats(0.5, 60),
    pauses=st.lists(st.floats(0, 40), max_size=30),
)
def test_no_window_ever_holds_more(requests: int, seconds: float, pauses: list[float]) -> None:
    """Whatever the rhythm of the asker, any rolling window holds at most the allowed number."""
    clock = FakeClock()
    pace = Pace(requests, seconds, clock=clock, sleep=clock.sleep, progress=Quiet())
    times = []
    for pause in pauses:
        clock.time += pause
        pace.wait()
        times.append(clock.time)

    gaps = [later - earlier for earlier, later in zip(times, times[requests:], strict=False)]
    assert all(gap >= seconds - 1e-6 for gap in gaps)
