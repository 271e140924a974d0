"""Not asking more often than a service allows."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from postmarket.sources.sync.interface import Progress


class Pace:
    """
    At most `requests` in any rolling window of `seconds`; `clock` is monotonic, `sleep` takes seconds.

    NVD publishes its limits in this form: 5 requests in 30 seconds, 50 with a key (nvd.nist.gov/developers/start-here).
    """

    def __init__(
        self,
        requests: int,
        seconds: float,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        progress: Progress,
    ) -> None:
        self._requests = requests
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._progress = progress
        self._asked: deque[float] = deque()

    def wait(self) -> None:
        """Return when one more request is allowed, and count it."""
        while len(self._asked) >= self._requests:
            left = self._asked[0] + self._seconds - self._clock()
            if left <= 0:
                self._asked.popleft()
                continue
            self._progress.waiting(left, f"the service allows {self._requests} requests in {self._seconds:g} s")
            self._sleep(left)
        self._asked.append(self._clock())
