"""How allauth behaves here: no open registration, own words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the community's staff; residents report without one."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "输错次数太多，请 5 分钟后再试，或请社区书记重置密码。",
        "username_password_mismatch": "用户名或密码不对，请核对后再试。",
        "account_inactive": "这个账号已停用，请联系社区书记。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Everyone starts at their own first screen."""
        return "/"

    def set_password(self, user: Any, password: str) -> None:
        """A password that its owner chose is no longer a temporary one."""
        user.password_is_temporary = False
        super().set_password(user, password)

    def get_user_search_fields(self) -> list[Any]:
        """Account search is done by our own pages."""
        return []
