"""Where these pages are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from postmarket.web.pages.accounts import links, own

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", own.account, name="account"),
    path("account/sessions/end/", own.end_sessions, name="account-end-sessions"),
    path("account/first-run/<str:secret>/", links.first_run, name="first-run"),
    path("account/invitation/<str:secret>/", links.invitation, name="invitation"),
    path("account/", include("postmarket.web.pages.accounts.allauth_urls")),
]
