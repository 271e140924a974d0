"""Web feeds of suppliers who publish no CSAF: read with care, fetched with more."""

from postmarket.sources.watches.fetch import Answer, fetch
from postmarket.sources.watches.reading import Entry, WebFeed, read_feed

__all__ = ["Answer", "Entry", "WebFeed", "fetch", "read_feed"]
