"""The program: every command, its body imported only when it is called, and the one place where errors are printed."""

from __future__ import annotations

import gc
import io
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from postmarket.cli.exit_codes import Exit
from postmarket.config.home import STORE, home
from postmarket.errors import PostmarketError, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Buffer

STANDARD_OUTPUT = "standard output"
WRONG_BYTES = frozenset({"ZstdError", "DecodeError", "ValidationError", "UnicodeDecodeError"})
"""What zstandard, msgspec and Python call bytes that are not what they should be; named, since importing them costs."""

app = typer.Typer(
    name="postmarket",
    epilog="Exit codes: 0 done, 1 a rule holds, 2 usage, 3 some inputs refused, 4 nothing identified, 5 failed,"
    " 6 records altered.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
feeds = typer.Typer(help="Vulnerability data: load it from files, fetch it from the network, see how old it is.")
sbom = typer.Typer(help="SBOMs: check their quality, tell two apart.")
people = typer.Typer(help="People: let an administrator in from the server itself.")
records = typer.Typer(help="Records: verify that nothing was changed, anchor them, see what something was on a day.")
devices = typer.Typer(help="Devices: bring a portfolio into the inventory.")
GROUPS = (
    (feeds, "feeds"),
    (sbom, "sbom"),
    (devices, "devices"),
    (people, "people"),
    (records, "records"),
)
for group, name in GROUPS:
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


def _say_version(wanted: bool) -> None:
    """Print what a defect report needs, and end."""
    if wanted:
        from postmarket import __version__
        from postmarket.matching.store.connection import SCHEMA_VERSION

        python = ".".join(map(str, sys.version_info[:3]))
        typer.echo(f"postmarket {__version__} (Python {python}, store schema {SCHEMA_VERSION})")
        raise typer.Exit


@app.callback()
def start(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Say the version, Python's, and the store's schema.", callback=_say_version, is_eager=True
        ),
    ] = False,
) -> None:
    """What a medical device manufacturer runs after a device is on the market."""


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
def demo(
    port: Annotated[int, typer.Option(help="The port to listen on, or the next free one.", min=1, max=65535)] = 8000,
    no_site: Annotated[bool, typer.Option("--no-site", help="Print the worklist only; serve nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the worklist of an example manufacturer, then serve its website on this machine; offline."""
    from postmarket.cli import demo as body

    raise typer.Exit(body.run(port=port, as_json=as_json, site=not no_site))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the website until it is stopped; on the embedded database with its worker."""
    from postmarket.cli import serve as body

    raise typer.Exit(body.run(host=host, port=port))


@app.command()
def worker(
    slots: Annotated[int, typer.Option(help="How many tasks run at once.", min=1, max=64)] = 2,
    until_empty: Annotated[bool, typer.Option("--until-empty", help="End when nothing is due any more.")] = False,
) -> None:
    """Run the tasks that the site enqueues, until it is stopped. Start one on each machine that shall help."""
    from postmarket.cli import worker as body

    raise typer.Exit(body.run(slots=slots, until_empty=until_empty))


PassphraseFile = Annotated[
    Path | None, typer.Option(help="A file whose first line is the passphrase for the keys.", metavar="FILE")
]


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The new file.")],
    passphrase_file: PassphraseFile = None,
    without_keys: Annotated[bool, typer.Option("--without-keys", help="Leave the secret keys out.")] = False,
) -> None:
    """Back the whole site up to one file, while it runs."""
    from postmarket.cli import backup as body

    raise typer.Exit(body.backup(file, passphrase_file=passphrase_file, without_keys=without_keys))


@app.command()
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


@devices.command("import")
def devices_import(
    file: Annotated[Path, typer.Argument(help="A portfolio.yaml.")],
    why: Annotated[str, typer.Option(help="The reason, for the records. Default: the file's name.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring devices, versions, SBOMs and suppliers of a portfolio file into the inventory: all of it, or nothing."""
    from postmarket.cli import devices as body

    raise typer.Exit(body.import_file(file, why=why, dry_run=dry_run, as_json=as_json))


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


@records.command("verify")
def records_verify(
    anchor: Annotated[
        list[Path] | None, typer.Option(help="An anchor that was kept elsewhere; those in the folder count besides.")
    ] = None,
    key: Annotated[
        list[Path] | None, typer.Option(help="Trust only this public key (PEM); default: those in the home.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hold everything recorded against what it must be. Changes nothing. Exit 6 when something was found."""
    from postmarket.cli import records as body

    raise typer.Exit(body.verify(anchors=anchor or [], keys=key or [], as_json=as_json))


@records.command("anchor")
def records_anchor(as_json: AsJson = False) -> None:
    """Sign where the records end, now, and put that wherever the settings say."""
    from postmarket.cli import records as body

    raise typer.Exit(body.anchor(as_json=as_json))


@records.command("show")
def records_show(
    kind: Annotated[str, typer.Argument(help="What kind of thing, such as device.")],
    id_: Annotated[str, typer.Argument(metavar="ID", help="Which of them, as records name it.")],
    as_of: Annotated[
        str, typer.Option(help="At the end of this day, or at this moment; default: now.", metavar="WHEN")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say what something was, and every record about it until then."""
    from postmarket.cli import records_show as body

    raise typer.Exit(body.run(kind=kind, id_=id_, as_of=as_of, as_json=as_json))


def main() -> None:
    """Run the command line; every error a person can act on is one line on standard error, a stop as well."""
    # A command lives for a second and frees everything by ending: the cycle collector would only look on.
    gc.set_threshold(200_000, 50, 100)
    _show_everything()
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
        line, code = _in_words(error)
        _complain(line)
    if code == Exit.INTERRUPTED:
        # The library turns Ctrl-C into this code and says nothing.
        _complain(_stopped(sys.argv[1:3]))
    sys.exit(int(code or 0))


def _in_words(error: Exception) -> tuple[str, Exit]:
    """An error as one line, and the exit code it ends with."""
    match error:
        case PostmarketError():
            return error.line(), Exit.FAILED
        case TyperException():
            said = " ".join(error.format_message().split())
            end = "" if said.endswith((".", "?")) else "."
            return f"{visible(said)}{end} Try: {_command(error)} --help", Exit.USAGE
        case OSError() if error.filename == STANDARD_OUTPUT:
            why = f"Standard output cannot be written: {error.strerror or error}"
            return visible(f"{why}. Check the disk it goes to; what is there is not whole."), Exit.FAILED
        case OSError():
            why = f"{error.filename or 'a file'}: {error.strerror or error}"
            return visible(f"{why}. Check the path and its permissions."), Exit.FAILED
        case _ if _is_of_the_store(error):
            from postmarket.matching.store.connection import LOAD_AGAIN

            why = f"{home() / STORE}: The vulnerability store is damaged: {error}"
            return visible(f"{why}. {LOAD_AGAIN}"), Exit.FAILED
        case MemoryError():
            return "Out of memory. Give fewer or smaller inputs at once.", Exit.FAILED
        case _:
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            advice = "Run again with POSTMARKET_DEBUG=1 and report what it prints"
            return visible(f"A defect of postmarket: {what}. {advice}."), Exit.DEFECT


def _command(error: TyperException) -> str:
    """The command whose help says what was meant."""
    context = getattr(error, "ctx", None)
    return str(context.command_path) if context is not None else "postmarket"


def _is_of_the_store(error: Exception) -> bool:
    """
    Whether SQLite refuses to read, or what it gave the matcher is not what was written: a page was overwritten.

    A command that opened no store has not imported SQLite.
    """
    sqlite3 = sys.modules.get("sqlite3")
    if sqlite3 is None or isinstance(error, sqlite3.DatabaseError):
        return sqlite3 is not None
    place = error.__traceback__
    while place is not None:
        if place.tb_frame.f_globals.get("__name__", "").startswith("postmarket.matching."):
            return type(error).__name__ in WRONG_BYTES
        place = place.tb_next
    return False


def _stopped(words: Sequence[str]) -> str:
    """What is kept after Ctrl-C, and how to go on."""
    if tuple(words) in {("feeds", "load"), ("feeds", "sync")}:
        return (
            "Stopped. What was loaded before is as it was, what came is kept. Run the same command again: it goes on."
        )
    return "Stopped; nothing was changed. Run the same command again."


def _show_everything() -> None:
    """A screen that cannot show a character shows its number: rows about patients do not end in the middle."""
    if sys.stdout is None or sys.stderr is None:
        # Closed by whoever started us: then nobody listens, which is no failure.
        nobody = Path(os.devnull).open("w")  # noqa: SIM115 - it stays open as long as the program
        sys.stdout, sys.stderr = sys.stdout or nobody, sys.stderr or nobody
    if not isinstance(sys.stdout, io.TextIOWrapper):
        return
    if sys.stdout is sys.__stdout__:
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(_StandardOutput(sys.stdout.fileno(), "wb", closefd=False)),
            encoding=sys.stdout.encoding,
            line_buffering=sys.stdout.line_buffering,
        )
    sys.stdout.reconfigure(errors="backslashreplace")


class _StandardOutput(io.FileIO):
    """Standard output whose error says that it is standard output (Python names no file), and says so once."""

    broken = False

    def write(self, content: Buffer) -> int | None:  # type: ignore[override]  # the stubs forget that it may block
        if self.broken:
            return memoryview(content).nbytes
        try:
            return super().write(content)
        except OSError as error:
            self.broken = True
            error.filename = STANDARD_OUTPUT
            raise


def _complain(line: str) -> None:
    sys.stderr.write(f"postmarket: {line}\n")
