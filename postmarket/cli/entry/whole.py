"""`backup` and `restore`: the whole site as one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PassphraseFile = Annotated[
    Path | None, typer.Option(help="A file whose first line is the passphrase for the keys.", metavar="FILE")
]


def backup(
    file: Annotated[Path, typer.Argument(help="The new file.")],
    passphrase_file: PassphraseFile = None,
    without_keys: Annotated[bool, typer.Option("--without-keys", help="Leave the secret keys out.")] = False,
) -> None:
    """Back the whole site up to one file, while it runs."""
    from postmarket.cli import backup as body

    raise typer.Exit(body.backup(file, passphrase_file=passphrase_file, without_keys=without_keys))


def restore(
    file: Annotated[Path, typer.Argument(help="A file that postmarket backup wrote.")],
    passphrase_file: PassphraseFile = None,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="Do without the secret keys in it, if any.")
    ] = False,
) -> None:
    """Restore a backup into an empty home and an empty database, and verify its records."""
    from postmarket.cli import backup as body

    raise typer.Exit(body.restore(file, passphrase_file=passphrase_file, without_keys=without_keys))
