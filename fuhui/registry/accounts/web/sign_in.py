"""Sign-in, and in a demo the sign-in by one tap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuhui.registry.accounts.queries import active_account_named, has_second_factor
from fuhui.registry.accounts.web.own import remember_type


def demo_accounts() -> Sequence[Mapping[str, str]]:
    """The demo's accounts (username, name, role); none outside a demo."""
    return getattr(settings, "DEMO_ACCOUNTS", ()) if settings.DEMO else ()


class SignIn(LoginView):  # type: ignore[misc]
    """allauth's sign-in with our page, the demo's accounts and the account's own type size."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what the page shows besides the form."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "demo_accounts": demo_accounts(), "login_value": self.request.POST.get("login", ""),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Signs in and takes the account's type size along to this device."""
        response: HttpResponse = super().form_valid(form)
        if getattr(self.request.user, "large_type", False):
            remember_type(response, large=True)
        return response


@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Signs in as one of the demo's accounts without a password. Exists in a demo only, and for those accounts only.

    An account that has switched on a second factor has to sign in as everybody else.
    """
    names = {one["username"] for one in demo_accounts()}
    account = active_account_named(request.POST.get("username", ""))
    if account is None or account.username not in names:
        raise Http404
    if has_second_factor(account.pk):
        return HttpResponseRedirect(reverse(settings.LOGIN_URL))
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    response = HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
    remember_type(response, large=account.large_type)
    return response
