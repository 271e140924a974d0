"""The one place where errors are printed: the command line from its start to its exit code."""

from __future__ import annotations

import gc
import os
import sys

import typer

from postmarket.cli.entry.program import app
from postmarket.cli.entry.screen import complain, show_everything
from postmarket.cli.entry.wording import in_words, stopped
from postmarket.cli.exit_codes import Exit


def main() -> None:
    """Run the command line; every error a person can act on is one line on standard error, a stop as well."""
    # A command lives for a second and frees everything by ending: the cycle collector would only look on.
    gc.set_threshold(200_000, 50, 100)
    show_everything()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except typer.Exit as stop:
        code = stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = Exit.INTERRUPTED
    except SystemExit as stop:
        # The library ends on a closed pipe with 1, which here would say that a rule holds.
        code = Exit.OK if isinstance(stop.__context__, BrokenPipeError) else stop.code
    except BrokenPipeError:
        sys.stderr.close()
        code = Exit.OK
    except Exception as error:
        if os.environ.get("POSTMARKET_DEBUG"):
            raise
        line, code = in_words(error)
        complain(line)
    if code == Exit.INTERRUPTED:
        # The library turns Ctrl-C into this code and says nothing.
        complain(stopped(sys.argv[1:3]))
    sys.exit(int(code or 0))
