"""`people`: who is let in from the server itself."""

from __future__ import annotations

from typing import Annotated

import typer

people = typer.Typer(help="People: let an administrator in from the server itself.")


@people.command("invite-admin")
def people_invite_admin(
    email: Annotated[str, typer.Argument(help="Their e-mail address.")],
    name: Annotated[str, typer.Option(help="Their full name; needed for somebody new.")] = "",
    why: Annotated[
        str, typer.Option(help="The reason, for the records.")
    ] = "Let in as administrator from the command line.",
    site: Annotated[str, typer.Option(help="Where people reach the site, for the link.", metavar="ADDRESS")] = "",
) -> None:
    """Make somebody administrator and print the link that lets them in; renews the access of one who is there."""
    from postmarket.cli import people as body

    raise typer.Exit(body.invite_admin(email=email, name=name, why=why, site=site))
