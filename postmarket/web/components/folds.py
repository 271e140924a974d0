"""What is folded to one line that already answers; opening it never leaves the page, and the address follows."""

from __future__ import annotations

from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def fold(
    context: Context, content: str, *, id: str, label: str = "", line: str = "", end: object = "", url: str = ""
) -> SafeString:
    """
    `{% fold id="assessment" label="Assessment" line="Uncontrolled: catastrophic × high." end="9 Nov" %}…{% endfold %}`.

    With `url`, what is inside is fetched from there when it is first opened; the content between the tags is what
    shows meanwhile, and without scripts (a link). Open on load when the address says `open=<id>`.
    """
    return _render(context, content, id=id, label=label, line=line, end=end, url=url, bare=False)


def why(context: Context, content: str, *, id: str, line: str = "Why", url: str = "") -> SafeString:
    """`{% why id="why-3" %}identifier, range, source, rule, citation{% endwhy %}`: a small fold under a claim."""
    return _render(context, content, id=id, label="", line=line, end="", url=url, bare=True)


def _render(context: Context, content: str, *, id: str, **parts: object) -> SafeString:
    request = context.get("request")
    is_open = request is not None and id in request.GET.getlist("open")
    return render_to_string("web/components/fold.html", {"id": id, "content": content, "is_open": is_open, **parts})


def furnish(register: Library) -> None:
    """Put the tags into a library."""
    register.simple_block_tag(fold, takes_context=True)
    register.simple_block_tag(why, takes_context=True)
