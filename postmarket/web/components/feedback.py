"""What the site says: toasts with undo, notices, empty places that teach, and how far long work is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.messages import constants
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from postmarket.web.components.tags import Meaning

if TYPE_CHECKING:
    from django.contrib.messages.storage.base import Message

UNDO = "undo:"
NOTICE_ICONS = {
    Meaning.HARM: "alert-triangle",
    Meaning.SOON: "clock",
    Meaning.SAFE: "circle-check",
    Meaning.SECRET: "shield-lock",
    Meaning.ACT: "info-circle",
    Meaning.PLAIN: "info-circle",
    Meaning.UNKNOWN: "question-mark",
}


class WorkState(StrEnum):
    """How long work is going."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Work:
    """
    Long work as a page shows it: what it is, how far, in which unit, and what comes next.

    `total` None: how much there is isn't known yet. `line` is what is said under the bar ("about 20 s left", or why
    it failed and what to do). `url` answers this component's HTML anew while it runs.
    """

    what: str
    state: WorkState
    done: int = 0
    total: int | None = None
    unit: str = ""
    line: str = ""
    url: str = ""

    @property
    def runs(self) -> bool:
        """Whether to ask again."""
        return self.state in {WorkState.WAITING, WorkState.RUNNING}


def toast(context: Context, message: Message) -> SafeString:
    """
    One of Django's messages, at the lower edge of the page.

    A view says `messages.success(request, "Decision saved.", extra_tags="undo:" + url)`; `undo` posts to that URL.
    """
    tag = message.extra_tags or ""
    kind = "error" if message.level >= constants.ERROR else ""
    undo = tag.removeprefix(UNDO) if tag.startswith(UNDO) else ""
    parts = {"words": str(message), "kind": kind, "undo": undo, "csrf_token": context.get("csrf_token", "")}
    return render_to_string("web/parts/toast.html", parts)


def notice(content: str, *, meaning: str = "act", title: str = "") -> SafeString:
    """`{% notice meaning="soon" title="No SBOM for 5.2." %}Asked on 12 Nov.{% endnotice %}`: a message in a page."""
    known = Meaning(meaning)
    parts = {"meaning": known.value, "title": title, "content": content, "icon_name": NOTICE_ICONS[known]}
    return render_to_string("web/components/notice.html", parts)


def empty(content: str, *, title: str, icon: str = "inbox") -> SafeString:
    """
    `{% empty title="No devices yet" icon="heartbeat" %}<p>why</p><div class="do">what to do</div>{% endempty %}`.

    Its title is no heading: it may stand under any.
    """
    return render_to_string("web/components/empty.html", {"title": title, "content": content, "icon_name": icon})


def work(progress: Work) -> SafeString:
    """`{% work upload %}`: a bar with its words, which asks again every two seconds while it runs."""
    return render_to_string("web/components/work.html", {"work": progress})


def furnish(register: Library) -> None:
    """Put the tags into a library."""
    register.simple_tag(toast, takes_context=True)
    register.simple_block_tag(notice)
    register.simple_block_tag(empty)
    register.simple_tag(work)
