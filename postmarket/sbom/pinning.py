"""Does a version pin one release? The article asks for a version-pinned SBOM (Conclusion and Key Takeaways)."""

from __future__ import annotations

import re

_FLOATING = re.compile(
    r"latest|any|all|stable|current|newest|unknown|undefined|null|none|n/a|main|master|head|trunk|develop|nightly",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"""[\^~<>!]             # ^1.2  ~1.2  >=1  !=2
    | .*[<>|,]               # 1.0 || 2.0   >1,<2
    | vers:                  # vers:npm/>=1.0
    | [\[(].*[\])]$          # [1.0,2.0)
    | .*[*]                  # *  1.*
    | (?:\d+\.)*[xX]$        # x  1.x
    | .*\s-\s                # 1.0 - 2.0
    | .*\$\{                 # ${project.version}
    | .*-SNAPSHOT$           # changes under the same name
    """,
    re.VERBOSE,
)


def unpinned_reason(version: str) -> str:
    """Why `version` names no single release; empty when it does. An empty version pins nothing."""
    if not version:
        return "it has no version"
    if _FLOATING.fullmatch(version):
        return f'"{version}" is no version but whatever was newest'
    if _RANGE.match(version):
        return f'"{version[:60]}" is a range or pattern, not one version'
    return ""
