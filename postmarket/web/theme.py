"""Light, dark, or as the system says: chosen by the person, kept in a cookie, put on the page by the server."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "theme"
KEPT_SECONDS = 365 * 24 * 3600


class Theme(StrEnum):
    """How the site looks."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def chosen(request: HttpRequest) -> Theme:
    """The theme of the cookie; anything unknown is the system's."""
    try:
        return Theme(request.COOKIES.get(COOKIE, ""))
    except ValueError:
        return Theme.SYSTEM


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the posted theme and go back to the page it was chosen on."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = "/"
    response = HttpResponseRedirect(back)
    try:
        theme = Theme(request.POST.get("theme", ""))
    except ValueError:
        return response
    response.set_cookie(
        COOKIE, theme.value, max_age=KEPT_SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response
