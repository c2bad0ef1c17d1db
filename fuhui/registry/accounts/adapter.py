"""How allauth behaves here: no open registration, own words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the community's staff; residents report without one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Everyone starts at their own first screen."""
        return "/"

    def get_user_search_fields(self) -> list[Any]:
        """Account search is done by our own pages."""
        return []
