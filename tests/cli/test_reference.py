"""docs/cli.md against the program: every command, argument, option, choice, default and exit code, and no other."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
import typer.main

from postmarket.cli import exit_codes
from postmarket.cli.entry.program import app
from postmarket.cli.entry.scanning import ScanFormat
from postmarket.cli.exit_codes import Exit
from postmarket.sources.sync.interface import ADDRESS_PREFIX, Endpoints
from postmarket.worklist import fail_on
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cli.md").read_text("utf-8")


@dataclass(frozen=True)
class Section:
    """One part of the page: its first paragraph, and the rows of its tables by the names in the first cell."""

    opening: str
    rows: Mapping[tuple[str, ...], str]


def sections() -> dict[str, Section]:
    """The page's parts by heading, without back-ticks."""
    found = {}
    for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        rows = {}
        for line in body.splitlines():
            if line.startswith("| `") or re.match(r"\| \d", line):
                first, rest = line.strip("| ").split(" | ", 1)
                rows[tuple(re.findall(r"`([^`]+)`", first) or [first.strip()])] = rest
        opening = " ".join(body.strip().split("\n\n")[0].split())
        found[heading.replace("`", "")] = Section(opening, rows)
    return found


def commands(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command and group below `group`, with its whole name."""
    for word, command in group.commands.items():
        yield f"{name} {word}", command
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} {word}")


COMMANDS = dict(commands(typer.main.get_command(app), "postmarket"))
SECTIONS = sections()
SETTING_ROW = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)


def test_every_command_has_its_section_and_no_other_does() -> None:
    """A command that is new, or gone, is seen here."""
    assert {name for name in SECTIONS if name.startswith("postmarket ")} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_says_what_the_command_s_help_says(name: str) -> None:
    """Sentence by sentence; every argument and option with its own words, its choices and its default."""
    command, section = COMMANDS[name], SECTIONS[name]

    assert section.opening == " ".join((command.help or "").split())
    assert {names for names in section.rows if names[0].startswith("-")} == {
        tuple(sorted(one.opts, key=len)) for one in command.params if one.param_type_name == "option"
    }
    assert {names[0] for names in section.rows if not names[0].startswith("-")} == {
        one.name for one in command.params if one.param_type_name == "argument"
    }
    for one in command.params:
        row = section.rows[tuple(sorted(one.opts, key=len))]
        assert one.help in row
        for choice in getattr(one.type, "choices", ()):
            assert f"`{choice}`" in row
        if isinstance(one.default, (str, int)) and not isinstance(one.default, bool) and one.default:
            assert row.startswith(f"`{one.default}` |")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_on_the_screen_names_what_the_section_names(run: Run, name: str) -> None:
    """What a person really sees with `--help`, not only what the program's parts hold."""
    ran = run(*name.split()[1:], "--help")

    assert (ran.code, ran.err) == (0, "")
    shown = set(re.findall(r"^\s+(?:-\w, )?(--[\w-]+)", ran.out, flags=re.MULTILINE)) - {"--help"}
    assert shown == {word for names in SECTIONS[name].rows for word in names if word.startswith("--")}


def test_every_exit_code_is_there_in_its_own_words() -> None:
    """Number, name and sentence."""
    (body,) = (node.body for node in ast.parse(inspect.getsource(exit_codes)).body if isinstance(node, ast.ClassDef))
    pairs = zip(body[1::2], body[2::2], strict=True)
    said = {
        ast.unparse(name.targets[0]): str(text.value.value)
        for name, text in pairs
        if isinstance(name, ast.Assign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    }

    assert set(said) == set(Exit.__members__)
    assert SECTIONS["Exit codes"].rows == {(str(code.value),): f"`{code.name}` | {said[code.name]}" for code in Exit}


def test_the_rule_language_is_the_parser_s() -> None:
    """The grammar is the module's own; every field is explained."""
    grammar = [line for line in (fail_on.__doc__ or "").splitlines() if re.match(r"    \w+ +=", line)]
    fields = re.findall(r'"([a-z]+)"', next(line for line in grammar if line.startswith("    field")))

    assert len(grammar) == 6
    assert "\n".join(grammar) in PAGE
    assert {names[0] for names in SECTIONS["--fail-on"].rows} == set(fields)


def test_every_format_is_explained() -> None:
    """Each that `--format` takes."""
    assert {names[0] for names in SECTIONS["Output formats"].rows} == {one.value for one in ScanFormat}


def test_every_variable_of_the_environment_is_there() -> None:
    """Those the code reads by name, and the mirrors; and no other begins with POSTMARKET_."""
    settings = (ROOT / "docs" / "settings.md").read_text("utf-8")
    named = {word for names in SECTIONS["Environment"].rows for word in names} | set(SETTING_ROW.findall(settings))
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "postmarket").rglob("*.py"))
    readers = r"environ(?:\.get\(|\[)|\b(?:flag|words|number|time_zone)\("
    read = set(re.findall(rf"""(?:{readers})\s*"([A-Z_]+)\"""", code))
    mirrors = {f"{ADDRESS_PREFIX}{name}" for name in _endpoints()}

    assert read <= named
    assert {word for word in named if word.startswith("POSTMARKET_FEED_")} == mirrors
    assert {word for word in named if word.startswith("POSTMARKET_")} - mirrors <= read


def _endpoints() -> set[str]:
    """The fields of Endpoints that a variable can replace: the code tells by trying."""
    replaced = set()
    for item in fields(Endpoints):
        name = item.name.upper()
        if Endpoints.from_environment({f"{ADDRESS_PREFIX}{name}": "https://mirror.example"}) != Endpoints():
            replaced.add(name)
    return replaced
