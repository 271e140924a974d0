"""Where things are signed: `accounts:sign`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.accounts import sign

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:key>/", sign.sign, name="sign"),
    path("<slug:key>/sign-on/", sign.sign_on, name="sign-on"),
]
