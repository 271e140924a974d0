"""One thin command per verb; the only room that prints."""

import sys

__all__ = ["main"]


def main() -> None:
    """The program; stopped while it still starts, it ends like any stopped command."""
    try:
        from postmarket.cli.entry.running import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("postmarket: Stopped; nothing was changed. Run the same command again.\n")
        sys.exit(130)
