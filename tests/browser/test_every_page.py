"""Every address of the site that is a page, in a real browser: for everybody, in both themes, on a phone too."""

from __future__ import annotations

import pytest
from django.urls import reverse

from postmarket.accounts.roles import Role
from tests.accounts.builders import person, with_generator
from tests.browser.conftest import Accessible, SignIn
from tests.web.routes import every_route
from tests.web.routes.interface import Route

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {name: route for name, route in every_route().items() if isinstance(route, Route) and "GET" in route.methods}
PHONE_WIDTH = 390


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(name: str, signed_in_page: SignIn, live: str, accessible: Accessible) -> None:
    """axe-core finds nothing in either theme, and nothing is wider than a phone; exports and parts are no pages."""
    who = person("Walter Walks", *Role)
    with_generator(who)
    page = signed_in_page(who=who)
    path = reverse(name, kwargs=dict(PAGES[name].kwargs(who)) or None)
    if not page.request.get(f"{live}{path}", max_redirects=0).body().startswith(b"<!doctype html>"):
        return
    page.goto(f"{live}{path}")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        accessible(page)
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 900})

    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
