"""Where these pages are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from postmarket.web.pages.accounts import links, own, people, person, tokens

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", own.account, name="account"),
    path("account/sessions/end/", own.end_sessions, name="account-end-sessions"),
    path("account/first-run/<str:secret>/", links.first_run, name="first-run"),
    path("account/invitation/<str:secret>/", links.invitation, name="invitation"),
    path("account/", include("postmarket.web.pages.accounts.allauth_urls")),
    path("sign/", include("postmarket.web.pages.accounts.sign_urls")),
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="people-invite"),
    path("people/lines/", people.lines, name="device-lines"),
    path("people/tokens/", tokens.token_list, name="tokens"),
    path("people/tokens/new/", tokens.issue, name="token-issue"),
    path("people/tokens/<slug:key>/", tokens.token, name="token"),
    path("people/tokens/<slug:key>/revoke/", tokens.revoke, name="token-revoke"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/roles/", person.give_role, name="person-give-role"),
    path("people/<int:pk>/roles/<int:grant>/take/", person.take_role, name="person-take-role"),
    path("people/<int:pk>/change/", person.change, name="person-change"),
    path("people/<int:pk>/deactivate/", person.deactivate, name="person-deactivate"),
    path("people/<int:pk>/reactivate/", person.reactivate, name="person-reactivate"),
    path("people/<int:pk>/renew/", person.renew, name="person-renew"),
    path("people/<int:pk>/sessions/end/", person.end_sessions, name="person-end-sessions"),
]
