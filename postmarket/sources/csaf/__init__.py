"""CSAF 2.0 advisories (https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html), and of 2.1 what it adds here."""

from __future__ import annotations

from postmarket.sources.csaf.reader import read

__all__ = ["read"]
