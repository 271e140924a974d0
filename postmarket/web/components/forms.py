"""One field of a form: its label, its hint, what is wrong with it, tied together for those who don't see it."""

from __future__ import annotations

from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def field(bound: BoundField, hint: str = "") -> SafeString:
    """`{% field form.email %}`; `hint` stands in for the form's own help text."""
    said = hint or bound.help_text
    own_id = bound.auto_id or bound.html_name
    described = [own_id + part for part, there in (("-hint", said), ("-wrong", bound.errors)) if there]
    attributes: dict[str, str | bool] = {"class": _class(bound)}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    widget = bound.field.widget
    return render_to_string(
        "web/components/field.html",
        {
            "field": bound,
            "own_id": own_id,
            "widget": bound.as_widget(attrs=attributes),
            "hint": said,
            "boxes": isinstance(widget, CheckboxInput),
            "several": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        },
    )


def fields(form: BaseForm) -> SafeString:
    """`{% fields form %}`: what is wrong with the whole, then every field in order."""
    return render_to_string("web/components/fields.html", {"form": form})


def _class(bound: BoundField) -> str:
    widget = bound.field.widget
    own = str(widget.attrs.get("class", ""))
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        kind = "several"  # Django puts it on the group as well as on each box
    elif isinstance(widget, CheckboxInput):
        kind = "form-check-input"
    else:
        kind = "form-select" if isinstance(widget, Select) else "form-control"
    return " ".join(part for part in (own, kind, "is-invalid" if bound.errors else "") if part)


def furnish(register: Library) -> None:
    """Put the tags into a library."""
    register.simple_tag(field)
    register.simple_tag(fields)
