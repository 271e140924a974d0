"""
The components: what a template asks for by tag or filter.

Each module offers `furnish(register)`; `templatetags/web.py` puts them all into every template.
"""
