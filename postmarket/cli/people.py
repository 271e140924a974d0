"""`postmarket people invite-admin`: let an administrator in, from the server's own command line."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from postmarket.cli.exit_codes import Exit
from postmarket.config.site import site_address, start_site


def invite_admin(*, email: str, name: str, why: str, site: str) -> Exit:
    """Make or renew an administrator, and print the link that lets them in. Raises InvalidPerson."""
    start_site()
    from postmarket.accounts.models import Purpose
    from postmarket.accounts.services.first_run import invite_administrator
    from postmarket.accounts.services.links import HOLDS
    from postmarket.web.pages.accounts.addresses import invitation_link

    invited = invite_administrator(email=email, name=name, why=why, now=datetime.now(UTC))
    link = invitation_link(site or site_address(), invited.secret)
    days = HOLDS[Purpose.INVITATION].days
    sys.stdout.write(
        f"{invited.person.name} ({invited.person.email}) is an administrator.\n"
        f"This link sets their password, once, within {days} days; give it to nobody else:\n\n{link}\n"
    )
    return Exit.OK
