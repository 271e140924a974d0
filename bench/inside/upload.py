"""
What a pipeline waits for when it sends an SBOM: `python -m bench.inside.upload SBOM`, in a new home.

Inside the time: the whole request, through the token, the limits, the kept evidence and the task in the queue. Outside:
the network, and reading the SBOM, which the task does later.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from bench.inside.site import ready, somebody

REQUESTS = 25
DEVICE = "Measured device"


def main(sbom: Path) -> dict[str, float]:
    """The 95th percentile in milliseconds, of as many versions of a device as there are requests."""
    document = json.loads(sbom.read_bytes())
    with tempfile.TemporaryDirectory(prefix="postmarket-upload-") as home:
        ready(home)
        from django.test import Client

        from postmarket.accounts.scopes import Scope
        from postmarket.accounts.services.tokens import issue_token
        from postmarket.inventory.models import Device

        now = datetime.now(UTC)
        Device.objects.create(name=DEVICE, created_at=now)
        issued = issue_token(
            by=somebody(),
            name="CI",
            scopes=(Scope.SBOMS_WRITE,),
            line=None,
            holds=timedelta(days=1),
            why="To measure.",
            now=now,
        )
        client, times, size = Client(headers={"Authorization": f"Bearer {issued.text}"}), [], 0
        for number in range(REQUESTS + 1):
            document["version"] = number + 1  # the same bytes again would be known
            content = json.dumps(document).encode()
            size = len(content)
            begun = time.perf_counter()
            address = f"/api/postmarket/v1/sboms?device={DEVICE.replace(' ', '+')}&version={number}"
            answer = client.put(address, content, content_type="application/json")
            times.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 202, answer.content
        return {"milliseconds": quantiles(times[1:], n=20)[-1], "first": times[0], "bytes": size}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
