"""How the site writes its log: one JSON object a line on standard error (plain columns on a terminal), no secrets."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from typing import Any

QUIET = ("django.request", "django.server", "django.security.DisallowedHost")
"""They name paths, and a path may hold a one-time link: the request log below tells the same without it."""


def settings() -> dict[str, Any]:
    """Django's LOGGING."""
    import structlog

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_locals,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if sys.stderr is not None and sys.stderr.isatty()
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {
            "line": {"class": "logging.StreamHandler", "formatter": "line"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["line"], "level": "WARNING"},
        "loggers": {
            "postmarket": {"level": "INFO"},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            **{name: {"handlers": ["nowhere"], "propagate": False} for name in QUIET},
        },
    }


def _without_locals(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A stack is told by its lines; what variables held may be a password."""
    event.pop("stack_info", None)
    return event
