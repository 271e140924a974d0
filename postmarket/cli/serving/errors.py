"""What keeps the site from being served."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class ServeError(PostmarketError):
    """The site cannot be served."""

    code = "serve"


class NoDatabase(ServeError):
    """The site cannot begin without the database."""

    code = "serve-database"

    def __init__(self, why: Exception) -> None:
        super().__init__(
            "The site cannot use the database",
            why=" ".join(str(why).split()),
            next_step="Start the database, or correct DATABASE_URL.",
        )
