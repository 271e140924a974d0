"""
Which metrics a CVSS vector may hold, and their values, as FIRST's specifications list them.

CVSS 2.0 guide §2.4; 3.0 and 3.1 specification §6 (Vector String); 4.0 specification §7 (Vector String). The order is
the specification's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class MetricTable:
    """
    The metrics of one CVSS version: name to its values.

    `threat` is called temporal before 4.0. `not_defined` is the value that means "not given".
    """

    version: str
    prefix: str
    base: Mapping[str, tuple[str, ...]]
    threat: Mapping[str, tuple[str, ...]]
    environmental: Mapping[str, tuple[str, ...]]
    supplemental: Mapping[str, tuple[str, ...]]
    not_defined: str
    values: Mapping[str, tuple[str, ...]]
    """All four groups together."""


def _group(text: str) -> Mapping[str, tuple[str, ...]]:
    """`AV:N,A,L AC:L,H` as a mapping."""
    pairs = (metric.split(":") for metric in text.split())
    return MappingProxyType({name: tuple(values.split(",")) for name, values in pairs})


def _table(
    version: str, *, prefix: str, not_defined: str, base: str, threat: str, environmental: str, supplemental: str = ""
) -> MetricTable:
    groups = (_group(base), _group(threat), _group(environmental), _group(supplemental))
    merged = {name: values for group in groups for name, values in group.items()}
    return MetricTable(version, prefix, *groups, not_defined, MappingProxyType(merged))


_V3_BASE = "AV:N,A,L,P AC:L,H PR:N,L,H UI:N,R S:U,C C:H,L,N I:H,L,N A:H,L,N"
_V3_THREAT = "E:X,H,F,P,U RL:X,U,W,T,O RC:X,C,R,U"
_V3_ENVIRONMENTAL = (
    "CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H MPR:X,N,L,H MUI:X,N,R MS:X,U,C "
    "MC:X,N,L,H MI:X,N,L,H MA:X,N,L,H"
)

V2 = _table(
    "2.0",
    prefix="CVSS:2.0/",
    not_defined="ND",
    base="AV:L,A,N AC:H,M,L Au:M,S,N C:N,P,C I:N,P,C A:N,P,C",
    threat="E:ND,U,POC,F,H RL:ND,OF,TF,W,U RC:ND,UC,UR,C",
    environmental="CDP:ND,N,L,LM,MH,H TD:ND,N,L,M,H CR:ND,L,M,H IR:ND,L,M,H AR:ND,L,M,H",
)
V30 = _table(
    "3.0",
    prefix="CVSS:3.0/",
    not_defined="X",
    base=_V3_BASE,
    threat=_V3_THREAT,
    environmental=_V3_ENVIRONMENTAL,
)
V31 = _table(
    "3.1",
    prefix="CVSS:3.1/",
    not_defined="X",
    base=_V3_BASE,
    threat=_V3_THREAT,
    environmental=_V3_ENVIRONMENTAL,
)
V4 = _table(
    "4.0",
    prefix="CVSS:4.0/",
    not_defined="X",
    base="AV:N,A,L,P AC:L,H AT:N,P PR:N,L,H UI:N,P,A VC:H,L,N VI:H,L,N VA:H,L,N SC:H,L,N SI:H,L,N SA:H,L,N",
    threat="E:X,A,P,U",
    environmental=(
        "CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H MAT:X,N,P MPR:X,N,L,H MUI:X,N,P,A "
        "MVC:X,H,L,N MVI:X,H,L,N MVA:X,H,L,N MSC:X,H,L,N MSI:X,S,H,L,N MSA:X,S,H,L,N"
    ),
    supplemental="S:X,N,P AU:X,N,Y R:X,A,U,I V:X,D,C RE:X,L,M,H U:X,Clear,Green,Amber,Red",
)

TABLES = (V4, V31, V30, V2)
