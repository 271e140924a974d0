"""The headers that tell a browser what a page of ours may do: a strict content security policy, and the small ones."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

NONCE_BYTES = 16
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)


class SecurityHeadersMiddleware:
    """
    Puts the policy on every response and gives templates `request.csp_nonce` for their `<script nonce=…>`.

    No `unsafe-*`, no other host; scripts run by nonce alone, so that an uploaded file never can.
    `settings.FORM_ACTION_ORIGINS` adds the identity providers that a sign-in form is redirected to.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.form_actions = " ".join(("'self'", *getattr(settings, "FORM_ACTION_ORIGINS", ())))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers on it."""
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = self.policy(nonce)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response

    def policy(self, nonce: str) -> str:
        """The policy of one response."""
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src 'nonce-{nonce}'",
                "style-src 'self'",
                "img-src 'self' data:",  # the form controls' ticks and arrows are data: images of the style sheet
                "font-src 'self'",
                "connect-src 'self'",
                "manifest-src 'self'",
                f"form-action {self.form_actions}",
                "base-uri 'none'",
                "frame-ancestors 'none'",
                "object-src 'none'",
            )
        )
