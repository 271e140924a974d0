"""The assessment of a device version in a case."""

from __future__ import annotations

from collections.abc import Mapping

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from tests.web.routes.cases import BOTH, READ, a_version
from tests.web.routes.interface import Route, Routes, holders

EDIT = holders(Permission.ASSESSMENTS_EDIT)
POST = BOTH[1:]
LET_IN = frozenset({302, 400, 404, 409})
"""A form that complains, and an act that there is nothing for yet, have let the person in."""


def as_technical(who: Person | None) -> Mapping[str, object]:
    """To be signed as the technical lead."""
    return {**a_version(who), "lead": "technical"}


ROUTES: Routes = {
    "assessment": Route(allowed=READ, kwargs=a_version),
    "assessment-begin": Route(allowed=EDIT, methods=POST, kwargs=a_version, answers=LET_IN),
    "assessment-harm": Route(allowed=EDIT, methods=POST, kwargs=a_version, answers=LET_IN),
    "assessment-privacy": Route(allowed=EDIT, methods=POST, kwargs=a_version, answers=LET_IN),
    "assessment-scores": Route(allowed=EDIT, methods=POST, kwargs=a_version, answers=LET_IN),
    "assessment-rubric": Route(allowed=EDIT, methods=POST, kwargs=a_version, answers=LET_IN),
    "assessment-resolution": Route(allowed=EDIT, methods=POST, kwargs=a_version, answers=LET_IN),
    "assessment-propose": Route(allowed=EDIT, methods=POST, kwargs=a_version, answers=LET_IN),
    "assessment-withdraw": Route(allowed=EDIT, methods=POST, kwargs=a_version, answers=LET_IN),
    "assessment-sign": Route(
        allowed=holders(Permission.ASSESSMENTS_SIGN_TECHNICAL), methods=POST, kwargs=as_technical, answers=LET_IN
    ),
}
