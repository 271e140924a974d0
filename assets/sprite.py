"""One SVG file of the icons the site uses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assets.packages import Package

NAMES = Path(__file__).with_name("icons.txt")
SHAPE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def sprite(icons: Package) -> str:
    """A `<symbol>` for every name of icons.txt, drawn with lines in the colour of the text around it."""
    return "".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg">',
            *(_symbol(name, icons[f"icons/outline/{name}.svg"].decode()) for name in names()),
            "</svg>\n",
        ]
    )


def names() -> list[str]:
    """The icons the site uses, in order."""
    return sorted(set(NAMES.read_text(encoding="utf-8").split()))


def _symbol(name: str, svg: str) -> str:
    inside = SHAPE.search(re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL))
    if inside is None:
        raise ValueError(f"the icon {name} is no SVG")
    shape = re.sub(r">\s+<", "><", inside[1].strip())
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round">{shape}</symbol>'
    )
