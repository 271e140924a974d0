"""Whether the site can do its work: asked by whatever watches it."""

from __future__ import annotations

import structlog
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = structlog.get_logger("postmarket.web")


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """
    200 when the database answers and its tables are this version's, else 503; says which, and nothing else.

    Why the database does not answer stands in the log, not here: an address or a password may be in it.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrated = _migrated()
    except DatabaseError as error:
        log.error("database", problem=type(error).__name__)
        return JsonResponse({"status": "failing", "database": "unreachable", "migrations": "unknown"}, status=503)
    if not migrated:
        return JsonResponse({"status": "failing", "database": "ok", "migrations": "missing"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok", "migrations": "applied"})


class _Seen:
    """A yes is remembered: tables never go back under a running site."""

    migrated = False


def _migrated() -> bool:
    if not _Seen.migrated:
        executor = MigrationExecutor(connection)
        _Seen.migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _Seen.migrated
