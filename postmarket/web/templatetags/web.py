"""
The components as template tags and filters, each in its own module; a builtin of every template of the site.

A room's template needs no `{% load %}`.
"""

from __future__ import annotations

from django import template

from postmarket.web.components import actions, charts, dates, feedback, folds, forms, tables, tags, text

register = template.Library()
for module in (actions, charts, dates, feedback, folds, forms, tables, tags, text):
    module.furnish(register)
