"""What Today says of findings: what is new and why, how much of each priority, what waits, what we cannot see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from postmarket.accounts.authority import Caller
from postmarket.inventory.store import store
from postmarket.matching.store.status import data_as_of
from postmarket.monitoring.models import VersionDecision
from postmarket.monitoring.policy import pack_in_force
from postmarket.monitoring.queries.coverage import PortfolioCoverage, portfolio_coverage
from postmarket.monitoring.queries.decisions import reopened, to_sign
from postmarket.monitoring.queries.explaining import Explanation, explained
from postmarket.monitoring.queries.findings import Asked, Count, counts, findings
from postmarket.monitoring.words import UNDECIDED
from postmarket.policy.interface import Priority
from postmarket.worklist.interface import Lane

MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Today:
    """
    The findings' part of Today; only versions on the market count.

    `undecided` is of the worklist lane, by priority; `new` are rows since the moment asked for, most pressing first,
    explained, of `new_count` in all. `data_as_of` is the newest word of each source, RFC 3339 or a day.
    """

    counts: Sequence[Count]
    undecided: Mapping[Priority, int]
    new: Sequence[Explanation]
    new_count: int
    to_sign: Sequence[VersionDecision]
    to_sign_count: int
    reopened: Sequence[VersionDecision]
    reopened_count: int
    coverage: PortfolioCoverage
    data_as_of: Mapping[str, str]


def today(*, by: Caller, since: datetime, now: datetime, most: int = MOST_SHOWN) -> Today:
    """What `by` has to know at `now` (UTC), and what came since `since`; a fixed number of queries."""
    on_market = Asked(shipped=True)
    new = findings(by=by, asked=Asked(shipped=True, lanes=(Lane.WORKLIST,), states=UNDECIDED, since=since))
    signing, again = to_sign(by=by), reopened(by=by)
    counted = counts(by=by, asked=on_market)
    shown = new.cut(0, most)
    undecided = dict.fromkeys(Priority, 0)
    for count in counted:
        if count.lane is Lane.WORKLIST and count.state in UNDECIDED:
            undecided[count.priority] += count.rows
    return Today(
        counts=counted,
        undecided=undecided,
        new=explained(shown, pack=pack_in_force(), now=now),
        new_count=new.count() if len(shown) == most else len(shown),
        to_sign=list(signing[:most]),
        to_sign_count=signing.count(),
        reopened=list(again[:most]),
        reopened_count=again.count(),
        coverage=portfolio_coverage(by=by),
        data_as_of=data_as_of(store()),
    )
