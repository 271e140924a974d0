"""Options that several commands take, with the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of the screen.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of a table.")]
