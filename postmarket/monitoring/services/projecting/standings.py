"""
Standings that a change of roles or device types asks for, made with the change itself.

A list of findings joins standings: one that is not there yet would hide what it ranks until a worker came by.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from django.db import connection

from postmarket.matching.interface import Grade
from postmarket.monitoring.policy import pack_in_force
from postmarket.monitoring.services.projecting.telling import rank_where_used

CHUNK = 200

MISSING = f"""
SELECT DISTINCT m.lead, d.device_type, l.role,
  CASE WHEN coalesce(j.grade, m.grade) = {Grade.POSSIBLE.value} THEN 1 ELSE 0 END
FROM inventory_listing l
JOIN inventory_componentidentity i ON i.id = l.identity_id
JOIN monitoring_match m ON m.identity = i.match_id
JOIN monitoring_vulnerabilityfacts f ON f.lead = m.lead
JOIN inventory_deviceversion v ON v.id = l.version_id
JOIN inventory_device d ON d.id = v.device_id
LEFT JOIN monitoring_judgement j ON j.version_id = l.version_id AND j.identity_id = l.identity_id AND j.lead = m.lead
LEFT JOIN monitoring_standing s ON s.lead = m.lead AND s.device_type = d.device_type AND s.role = l.role
  AND s.certainty = CASE WHEN coalesce(j.grade, m.grade) = {Grade.POSSIBLE.value} THEN 1 ELSE 0 END
WHERE s.id IS NULL AND l.version_id IN
"""  # noqa: S608 - our own words


def rank_what_is_listed(version_ids: Collection[int]) -> None:
    """Give every match these versions list its standing, where it has none yet; in the transaction of the change."""
    wanted = iter(sorted(version_ids))
    while chunk := list(islice(wanted, CHUNK)):
        with connection.cursor() as cursor:
            cursor.execute(f"{MISSING} ({', '.join(['%s'] * len(chunk))})", chunk)
            missing = cursor.fetchall()
        if missing:
            rank_where_used(missing, pack=pack_in_force())
