"""The program: every command, its body imported only when it is called, and the one place where errors are printed."""

from __future__ import annotations

import gc
import io
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from postmarket.cli.exit_codes import Exit
from postmarket.errors import PostmarketError, visible

app = typer.Typer(
    name="postmarket",
    help="What a medical device manufacturer runs after a device is on the market.",
    epilog="Exit codes: 0 done, 1 a rule holds, 2 usage, 3 some inputs refused, 4 nothing identified, 5 failed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
feeds = typer.Typer(help="Vulnerability data: load it from files, fetch it from the network, see how old it is.")
sbom = typer.Typer(help="SBOMs: check their quality, tell two apart.")
for group, name in ((feeds, "feeds"), (sbom, "sbom")):
    app.add_typer(group, name=name, no_args_is_help=True)


class ScanFormat(StrEnum):
    """How a worklist is written."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"
    CSV = "csv"
    CYCLONEDX_VDR = "cyclonedx-vdr"


class FeedName(StrEnum):
    """The sources that can be loaded."""

    NVD = "nvd"
    CVE = "cve"
    KEV = "kev"
    EPSS = "epss"
    OSV = "osv"
    CSAF = "csaf"


class CriticalityName(StrEnum):
    """The article's device types."""

    LIFE_SUSTAINING = "life-sustaining"
    LIFE_SUPPORTING = "life-supporting"
    DIAGNOSTIC = "diagnostic"
    ADMINISTRATIVE = "administrative"
    UNKNOWN = "unknown"


class ProfileName(StrEnum):
    """SBOM quality profiles."""

    SEED = "seed"
    FDA = "fda"
    NTIA = "ntia"
    CISA_2025_DRAFT = "cisa-2025-draft"


Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of the screen.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of a table.")]


@app.command()
def scan(
    inputs: Annotated[list[Path], typer.Argument(help="SBOM files, folders of them, or a portfolio.yaml.")],
    format_: Annotated[
        ScanFormat, typer.Option("--format", "-f", help="How to write the worklist.")
    ] = ScanFormat.TABLE,
    output: Output = None,
    criticality: Annotated[
        CriticalityName, typer.Option(help="What the device is for; unknown ranks as life-supporting.")
    ] = CriticalityName.UNKNOWN,
    aware: Annotated[
        str, typer.Option(help="When the firm became aware; all dates run from it. Default: now.", metavar="WHEN")
    ] = "",
    fail_on: Annotated[
        list[str] | None, typer.Option(help="Exit 1 when this rule holds, e.g. 'kev and priority >= urgent'.")
    ] = None,
    vex: Annotated[list[Path] | None, typer.Option(help="A supplier's VEX: CSAF, OpenVEX or CycloneDX.")] = None,
    aliases: Annotated[list[Path] | None, typer.Option(help="Your own alias table, added to the built-in one.")] = None,
    policy: Annotated[list[Path] | None, typer.Option(help="Your own policy overlay, on top of the packs.")] = None,
    show: Annotated[int, typer.Option(help="How many rows the table shows.", min=1)] = 25,
    all_rows: Annotated[bool, typer.Option("--all", help="Show every row, and the possible ones.")] = False,
) -> None:
    """SBOMs and the loaded vulnerability data in, a worklist in order of patient risk out. Works offline."""
    from postmarket.cli import scan as body

    raise typer.Exit(
        body.run(
            body.Request(
                inputs=tuple(inputs),
                format=format_.value,
                output=output,
                criticality=criticality.value,
                aware=aware,
                fail_on=tuple(fail_on or ()),
                vex=tuple(vex or ()),
                aliases=tuple(aliases or ()),
                policy=tuple(policy or ()),
                show=None if all_rows else show,
            )
        )
    )


@app.command()
def demo() -> None:
    """Show the worklist of an example manufacturer, offline, from data that comes with postmarket."""
    from postmarket.cli import demo as body

    raise typer.Exit(body.run())


@feeds.command("load")
def feeds_load(
    source: Annotated[FeedName, typer.Argument(help="Whose words these are.")],
    paths: Annotated[list[Path], typer.Argument(help="Files or folders: .json .gz .zip .xz .zst .tar.xz …")],
    as_json: AsJson = False,
) -> None:
    """Load vulnerability data from files. Killed half-way, it goes on where it was when run again."""
    from postmarket.cli import feeds as body

    raise typer.Exit(body.load(source.value, paths, as_json=as_json))


@feeds.command("sync")
def feeds_sync(
    sources: Annotated[list[FeedName] | None, typer.Argument(help="Which sources; default: all but CSAF.")] = None,
    csaf_provider: Annotated[
        list[str] | None, typer.Option(help="Domain or provider-metadata.json URL of a CSAF provider.")
    ] = None,
    ecosystem: Annotated[list[str] | None, typer.Option(help="OSV ecosystem, such as PyPI or Debian:12.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch what is new from the network, politely, and load it. Resumable."""
    from postmarket.cli import feeds as body

    raise typer.Exit(
        body.sync(
            [source.value for source in sources or ()],
            providers=csaf_provider or [],
            ecosystems=ecosystem or [],
            as_json=as_json,
        )
    )


@feeds.command("status")
def feeds_status(as_json: AsJson = False) -> None:
    """Per source: the last run, how old the data is, what it holds and what it refused."""
    from postmarket.cli import feeds as body

    raise typer.Exit(body.status(as_json=as_json))


@sbom.command("check")
def sbom_check(
    inputs: Annotated[list[Path], typer.Argument(help="SBOM files or folders of them.")],
    profile: Annotated[
        ProfileName, typer.Option(help="Which list of elements to hold them against.")
    ] = ProfileName.SEED,
    as_json: AsJson = False,
) -> None:
    """Say what an SBOM lacks, component by component, and how to mend it. Exit 1 when a demanded element is missing."""
    from postmarket.cli import sbom as body

    raise typer.Exit(body.check(inputs, profile.value, as_json=as_json))


@sbom.command("diff")
def sbom_diff(
    old: Annotated[Path, typer.Argument(help="The earlier SBOM.")],
    new: Annotated[Path, typer.Argument(help="The later SBOM.")],
    as_json: AsJson = False,
) -> None:
    """Say what was added, removed, changed version, or lost its data between two SBOMs."""
    from postmarket.cli import sbom as body

    raise typer.Exit(body.diff(old, new, as_json=as_json))


def main() -> None:
    """Run the command line; every error a person can act on is one line on standard error."""
    # A command lives for a second and frees everything by ending: the cycle collector would only look on.
    gc.set_threshold(200_000, 50, 100)
    _show_everything()
    try:
        code = app(standalone_mode=False)
    except typer.Exit as stop:
        code = stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        _complain("Stopped; what was loaded before is untouched, and the same command goes on from here.")
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
        line, code = _in_words(error)
        _complain(line)
    sys.exit(int(code or 0))


def _in_words(error: Exception) -> tuple[str, Exit]:
    """An error as one line, and the exit code it ends with."""
    match error:
        case PostmarketError():
            return error.line(), Exit.FAILED
        case TyperException():
            return f"{visible(error.format_message())} Try: postmarket --help", Exit.USAGE
        case OSError():
            why = f"{error.filename or 'a file'}: {error.strerror or error}"
            return visible(f"{why}. Check the path and its permissions."), Exit.FAILED
        case MemoryError():
            return "Out of memory. Give fewer or smaller inputs at once.", Exit.FAILED
        case _:
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            advice = "Run again with POSTMARKET_DEBUG=1 and report what it prints"
            return visible(f"A defect of postmarket: {what}. {advice}."), Exit.DEFECT


def _show_everything() -> None:
    """A screen that cannot show a character shows its number: rows about patients do not end in the middle."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _complain(line: str) -> None:
    sys.stderr.write(f"postmarket: {line}\n")
