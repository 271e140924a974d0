"""
One polite HTTP client: time limits, few redirects, retries with back-off, and errors in one clear line.

It is patient with a server that answered before, and quick to say that there is no network: a host to which no
connection was ever made is given up after two short tries, and not tried again.

Proxies come from the environment (HTTPS_PROXY, NO_PROXY, …) as httpx reads them. httpx and stamina are imported when
a client is made, so that commands that fetch nothing do not pay for them.
"""

from __future__ import annotations

import contextlib
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NoReturn, TypeVar

from postmarket.errors import visible
from postmarket.sources.sync.errors import CannotFetch, NotThere, Unreachable
from postmarket.sources.sync.links import checked, follow, host, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

    import httpx

    from postmarket.sources.sync.interface import ClientOptions, Progress
    from postmarket.sources.sync.pace import Pace

T = TypeVar("T")

MAX_REDIRECTS = 5
NO_WAY = "Check the network, and the proxy in HTTPS_PROXY and NO_PROXY."
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SECRET_HEADERS = frozenset({"apikey", "authorization", "cookie"})


class Again(Exception):
    """
    The attempt failed in a way that may pass: `failure` is what to say when it does not, `after` in seconds.

    `unreachable` is the server to which no connection was ever made.
    """

    def __init__(self, failure: CannotFetch, after: float | None = None, *, unreachable: str = "") -> None:
        self.failure = failure
        self.after = after
        self.unreachable = unreachable
        super().__init__(str(failure))


class Client:
    """
    Asks, waits, asks again. Use it as a context manager; `now` is the UTC time at which it is made.

    `transport` and `mounts` (by pattern of address) make its connections instead of httpx's own, which use the proxies
    of the environment.

    Everything it raises is a CannotFetch (NotThere for 404 and 410) whose `where` is the address.
    """

    def __init__(
        self,
        options: ClientOptions,
        *,
        now: datetime,
        progress: Progress,
        transport: httpx.BaseTransport | None = None,
        mounts: Mapping[str, httpx.BaseTransport] | None = None,
    ) -> None:
        import httpx

        _keep_stamina_quiet()
        self.options = options
        self.progress = progress
        self._now = now.astimezone(UTC)
        self._made_at = options.clock()
        self._answered: set[str] = set()
        self._unreachable: dict[str, CannotFetch] = {}
        self._http = httpx.Client(
            headers={"User-Agent": options.user_agent},
            timeout=httpx.Timeout(options.read_timeout, connect=options.connect_timeout),
            follow_redirects=False,
            transport=transport,
            mounts=mounts,
            trust_env=transport is None,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def now(self) -> datetime:
        """The UTC time: the one given, moved on by the clock."""
        return self._now + timedelta(seconds=self.options.clock() - self._made_at)

    def get(self, url: str, *, limit: int, pace: Pace | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        """The body at `url`, at most `limit` bytes of it, decoded."""

        def once() -> bytes:
            with self.answer(url, pace=pace, headers=headers or {}) as response:
                parts: list[bytes] = []
                size = 0
                for chunk in response.iter_bytes():
                    size += len(chunk)
                    self.check_size(url, size, limit)
                    parts.append(chunk)
                return b"".join(parts)

        return self.patiently(url, once)

    def patiently(self, url: str, once: Callable[[], T]) -> T:
        """
        Call `once` until it does not raise Again, waiting longer each time, at most `options.attempts` times.

        stamina counts the attempts and decides; the waiting itself is done with the injected sleep.
        """
        import stamina

        wait = 0.0

        def passes(problem: Exception) -> bool:
            return isinstance(problem, Again)

        try:
            for attempt in stamina.retry_context(
                on=passes, attempts=self.options.attempts, timeout=None, wait_initial=0, wait_max=0, wait_jitter=0
            ):
                with attempt:
                    self._pause(wait, url)
                    try:
                        return once()
                    except Again as again:
                        self._give_up_early(again, attempt.num)
                        wait = self._wait_after(again, attempt.num)
                        raise
        except Again as again:
            raise again.failure.but(why=f"{again.failure.why} (asked {self.options.attempts} times)") from again
        raise AssertionError("stamina ends with a value or an error")

    @contextlib.contextmanager
    def answer(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        pace: Pace | None = None,
        retry_on: frozenset[int] = frozenset(),
        accept: frozenset[int] = frozenset({200}),
    ) -> Iterator[httpx.Response]:
        """
        The answer to one GET, its status one of `accept`, its body not read yet, after at most five redirects.

        Raises Again for what may pass: a broken connection, 429, 5xx and the statuses of `retry_on`; CannotFetch for
        the rest. Headers that carry a secret do not follow a redirect to another server.
        """
        there = checked(url)
        wanted = dict(headers)
        for _ in range(MAX_REDIRECTS + 1):
            if pace is not None:
                pace.wait()
            with self._translated(url, there), contextlib.closing(self._send(there, wanted)) as response:
                if response.status_code in accept:
                    yield response
                    return
                if response.status_code not in _REDIRECTS:
                    self._refuse(url, response, retry_on)
                target = follow(there, response.headers.get("location", ""))
            if host(target) != host(there):
                wanted = {name: value for name, value in wanted.items() if name.lower() not in _SECRET_HEADERS}
            there = target
        raise CannotFetch(
            "the server sends us in circles",
            where=shown(url),
            why=f"more than {MAX_REDIRECTS} redirects, the last to {shown(there)}",
            next_step="Open the address in a browser; if it moved, give its new address.",
        )

    def check_size(self, url: str, size: int, limit: int) -> None:
        """Raise CannotFetch when `size` bytes are more than `limit`."""
        if size > limit:
            raise CannotFetch(
                "the answer is too large",
                where=shown(url),
                why=f"more than {limit:,} bytes",
                next_step="If the file is right, download it yourself and use: postmarket feeds load.",
            )

    def _send(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        known = self._unreachable.get(host(url))
        if known is not None:
            raise known
        response = self._http.send(self._http.build_request("GET", url, headers=dict(headers)), stream=True)
        self._answered.add(host(url))
        return response

    def _give_up_early(self, again: Again, attempt: int) -> None:
        """Raise what `again` says of a host to which no connection could be made, when that was tried enough."""
        if again.unreachable and attempt >= self.options.connect_attempts:
            failure = again.failure.but(why=f"{again.failure.why} (tried {attempt} times)")
            self._unreachable[again.unreachable] = failure
            raise failure from again

    @contextlib.contextmanager
    def _translated(self, url: str, there: str) -> Iterator[None]:
        """Every error of httpx as ours; those that may pass as Again. `there` is where redirects led."""
        import httpx

        try:
            yield
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as problem:
            raise CannotFetch(
                "this address cannot be asked", where=shown(url), why=_words(problem), next_step="Correct the address."
            ) from problem
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as problem:
            failure = _broken(url, problem)
            server = host(there)
            if server in self._answered:
                raise Again(failure) from problem
            raise Again(
                Unreachable(
                    f"cannot connect to {visible(server)}", where=failure.where, why=failure.why, next_step=NO_WAY
                ),
                unreachable=server,
            ) from problem
        except (httpx.RequestError, httpx.StreamError) as problem:
            raise Again(_broken(url, problem)) from problem

    def _refuse(self, url: str, response: httpx.Response, retry_on: frozenset[int]) -> NoReturn:
        status = response.status_code
        why = f"HTTP {status} {response.reason_phrase}".rstrip()
        # NVD explains a refusal in a header of this name.
        if said := response.headers.get("message"):
            why = f"{why}: {visible(said)[:200]}"
        if status in (404, 410):
            raise NotThere("nothing is there", where=shown(url), why=why, next_step="Check the address.")
        failure = CannotFetch("the server refused", where=shown(url), why=why, next_step=_next_step(status))
        if status == 429 or status >= 500 or status in retry_on:
            raise Again(failure, self._retry_after(response))
        raise failure

    def _retry_after(self, response: httpx.Response) -> float | None:
        """Seconds the server asks us to wait (RFC 9110 §10.2.3: a number or a date), None when it does not."""
        value = response.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdigit() and len(value) < 10:
            return float(value)
        try:
            until = parsedate_to_datetime(value)
        except ValueError:
            return None
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return max(0.0, (until - self.now()).total_seconds())

    def _wait_after(self, again: Again, attempt: int) -> float:
        if again.after is None:
            wait = min(self.options.longest_wait, self.options.first_wait * 2.0 ** (attempt - 1))
            return wait * (1 + self.options.jitter() / 2)
        if again.after > self.options.longest_retry_after:
            raise again.failure.but(
                why=f"{again.failure.why}; it asks to wait {again.after:.0f} s",
                next_step="Run the sync again after that time: it goes on from here.",
            )
        return again.after

    def _pause(self, wait: float, url: str) -> None:
        if wait > 0:
            self.progress.waiting(wait, f"{host(url)} did not answer as it should, asking again")
            self.options.sleep(wait)


def _broken(url: str, problem: Exception) -> CannotFetch:
    """What to say of a broken connection; raised at once when a certificate is the reason."""
    failure = CannotFetch(
        "the connection failed",
        where=shown(url),
        why=_words(problem),
        next_step="Check the network and the proxy settings, then run the sync again: it goes on from here.",
    )
    if _is_about_certificates(problem):
        step = "If a proxy here inspects TLS, point SSL_CERT_FILE at its certificate."
        raise failure.but(next_step=step) from problem
    return failure


def _next_step(status: int) -> str:
    if status in (401, 403):
        return "Check the key or the access rights; without either, wait some minutes and run the sync again."
    if status == 429 or status >= 500:
        return "Run the sync again later: it goes on from here."
    return "Check the address."


def _words(problem: Exception) -> str:
    return visible(f"{type(problem).__name__} {problem}".strip())[:300]


def _is_about_certificates(problem: BaseException) -> bool:
    """A certificate that is refused now is refused in a minute: no reason to ask again."""
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _keep_stamina_quiet() -> None:
    """stamina logs each retry by default, and a library here never logs: Progress tells about waiting."""
    from stamina import instrumentation

    instrumentation.set_on_retry_hooks(())
