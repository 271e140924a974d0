"""
Working days: Monday to Friday except United States federal holidays (21 CFR 803.3; 21 CFR 806 has no definition of its
own and uses the same).

Holidays are those of 5 USC 6103, a Saturday's kept on the Friday before, a Sunday's on the Monday after; Juneteenth
since 2021. Inauguration Day (Washington only) and closings by executive order do not count. Conservative counting
knows no holidays at all and so gives the same or an earlier date.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from postmarket.policy.errors import PolicyError

ONE_DAY = timedelta(days=1)
SATURDAY = 5
MAX_DAYS = 10_000


def add_working_days(start: date, days: int, *, conservative: bool = False) -> date:
    """
    The day that is `days` working days after `start`; both are local legal dates.

    Counting starts the day after `start`, so that a start on a Saturday or holiday has its first working day as day 1.
    Raises PolicyError unless 1 <= `days` <= 10,000 and the result is a date.
    """
    if not 1 <= days <= MAX_DAYS:
        raise PolicyError("the number of working days is out of range", why=f"{days} is not between 1 and {MAX_DAYS}")
    day, left = start, days
    try:
        while left:
            day += ONE_DAY
            left -= is_working_day(day, conservative=conservative)
    except OverflowError as error:
        raise PolicyError("the deadline lies beyond the calendar", why=f"counted from {start}") from error
    return day


def is_working_day(day: date, *, conservative: bool = False) -> bool:
    """Whether `day` is Monday to Friday and, unless `conservative`, no federal holiday."""
    return day.weekday() < SATURDAY and (conservative or day not in federal_holidays(day.year))


@lru_cache(maxsize=256)
def federal_holidays(year: int) -> frozenset[date]:
    """Every day of `year` on which a federal holiday falls or is observed, such as 2027-12-31 for New Year 2028."""
    from holidays.countries.united_states import UnitedStates  # heavy: only a clock in working days needs it

    found = UnitedStates(years=year, expand=False)  # type: ignore[no-untyped-call]  # its __init__ has no types
    return frozenset(day for day in found if day.year == year)
