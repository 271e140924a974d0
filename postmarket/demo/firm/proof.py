"""What keeps its sources and its records honest: a review, a retired criterion, an anchor, a verified chain."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from postmarket.accounts.roles import Role
from postmarket.demo.errors import DemoError
from postmarket.demo.firm.firm import Firm
from postmarket.demo.firm.people import sign_in
from postmarket.monitoring.feed_words import AdvisoryVerdict
from postmarket.monitoring.models import Advisory
from postmarket.monitoring.queries.criteria import preview, said
from postmarket.monitoring.services.advisories import review, revision_of
from postmarket.monitoring.services.criteria import retire
from postmarket.records.anchoring import anchor_now
from postmarket.records.checking import check_now
from postmarket.sources.interface import Source

ADVISORY: Final = "ICSMA-19-274-01"
RECORD: Final = "CVE-2017-1000253"
TOO_WIDE: Final = "4.0.2"
"""Its last range covers kernels that another range of the same record calls fixed."""


def review_an_advisory(firm: Firm) -> None:
    """CISA's advisory on IPnet is ours: the monitor runs on it."""
    row = Advisory.objects.get(number=ADVISORY)
    review(
        by=sign_in(firm, Role.CYBERSECURITY_LEAD, at=firm.ago(hours=7, minutes=20)),
        advisory=row,
        revision=revision_of(row),
        verdict=AdvisoryVerdict.OURS,
        because="Vigilorn 7.0 runs VxWorks 6.9 with IPnet. Followed as its findings.",
        now=firm.ago(hours=7),
    )


def retire_a_criterion(firm: Firm) -> None:
    """One range of one record is too wide: it is retired, with what that changes listed; the others still match."""
    by = sign_in(firm, Role.PSIRT_MANAGER, at=firm.ago(hours=4, minutes=15))
    (wide,) = [one for one in said(by=by, source=Source.NVD, record=RECORD) if TOO_WIDE in one.range_text]
    seen = preview(by=by, source=Source.NVD, record=RECORD, fingerprint=wide.fingerprint)
    at = firm.ago(hours=4)
    retire(
        by=by,
        source=Source.NVD,
        record=RECORD,
        fingerprint=wide.fingerprint,
        seen=seen.digest,
        why="It covers 3.14.41, which the same record gives as fixed. The ranges by series stay.",
        now=at,
    )
    firm.work(now=at + timedelta(minutes=1))


def anchor_and_verify(firm: Firm) -> None:
    """The daily anchor and the daily verification, an hour ago. Raises DemoError when the chain is not whole."""
    anchor_now(now=firm.ago(minutes=62))
    checked = check_now(now=firm.ago(minutes=61))
    if checked.problems:
        raise DemoError("The demo's records do not verify", why=checked.lines[0], next_step="Report this as a defect.")
