"""The portfolio file as plain values: safe YAML of a bounded size, in which every number stays the text it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from postmarket.worklist.errors import PortfolioError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 4 * 2**20
HOW = "Compare it with the example in docs/portfolio.md."
FROM_CONSTRUCTORS = (ValueError, TypeError, LookupError, AttributeError)
"""What PyYAML lets through when a value belies its own tag."""


def load(path: Path) -> object:
    """The values in the YAML file `path`. Raises PortfolioError, with the line where one is known."""
    content = _bytes(path)
    try:
        return yaml.load(content, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}: line {mark.line + 1}" if mark is not None else str(path)
        raise PortfolioError("This is no YAML", where=place, why=error.problem or "", next_step=HOW) from error
    except (yaml.YAMLError, RecursionError, *FROM_CONSTRUCTORS) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PortfolioError("This is no portfolio", where=str(path), why=why, next_step=HOW) from error


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size <= MAX_BYTES:
            with path.open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
            if len(content) <= MAX_BYTES:
                return content
    except OSError as error:
        raise PortfolioError("The portfolio file cannot be read", where=str(path), why=error.strerror or "") from error
    raise PortfolioError("The portfolio file is too large", where=str(path), why=f"over {MAX_BYTES} bytes")


class _Loader(yaml.SafeLoader):
    """Safe YAML without aliases (they can blow up) and without a key twice; numbers stay text, since 3.10 is no 3.1."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "YAML aliases are not allowed", event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} is given twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_AS_TEXT = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("timestamp", "float", "int"))
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag not in _AS_TEXT]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
