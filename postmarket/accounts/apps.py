"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles, sign-in, API tokens and the signing ceremony."""

    name = "postmarket.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        """Have failed signings told, and changes of second factors recorded."""
        from postmarket.accounts.notices import hear_alert
        from postmarket.accounts.sign_in.heard import listen
        from postmarket.records import alerts

        alerts.register(hear_alert)
        listen()
