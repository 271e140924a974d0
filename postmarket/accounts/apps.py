"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles, sign-in, API tokens and the signing ceremony."""

    name = "postmarket.accounts"
    label = "accounts"
    verbose_name = "People"
