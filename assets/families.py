"""Which parts of Tabler the site uses: everything else is cut from its style sheet."""

from __future__ import annotations

import re

SIZES = r"(?:-(?:sm|md|lg|xl))?"
KEEP = re.compile(
    "|".join(
        (
            r"btn|btn-(?:primary|danger|link|icon|sm|lg|close|list|ghost|outline)|btn-(?:check|group)",
            r"form-(?!colorinput|imagecheck|selectgroup|rating|floating)[\w-]+|row|col(?:-auto|-\d+)?|input-group(?:-text)?",
            r"(?:in)?valid-feedback|is-(?:in)?valid|was-validated|required|disabled|active|show",
            r"alert|alert-(?:icon|title|description|link|heading)",
            r"table|table-(?:responsive|active)|list-(?:unstyled|inline|inline-item)",
            r"visually-hidden(?:-focusable)?|spinner-border(?:-sm)?",
            rf"d{SIZES}-(?:none|block|flex|grid|inline|inline-block|inline-flex)",
            rf"(?:flex|align|justify|order){SIZES}-[\w-]+",
            r"(?:m|p)[tbsexy]?-(?:auto|\d)|g[xy]?-\d|gap-\d|[wh]-(?:auto|100)",
            r"text-(?:start|end|center|nowrap|break|truncate|wrap)|fw-[\w-]+|font-monospace",
            r"overflow-(?:auto|hidden)|position-(?:relative|absolute|sticky)|sticky-top|rounded(?:-\d)?|border(?:-0)?",
        )
    )
)
