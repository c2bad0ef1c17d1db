"""Keys for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from fuhui.registry.accounts import actions, queries
from fuhui.registry.accounts.permissions import may_issue_token
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.ui import format as words_of

USUAL_DAYS = 180


@signed_in
def tokens(request: HttpRequest) -> HttpResponse:
    """Tokens of the own account or of one in reach; a fresh one is on the answer and nowhere else."""
    viewer = viewer_of(request)
    account_id = key(request.GET, "account", "账号") or viewer.account_id
    assert account_id  # noqa: S101 - signed_in
    account = queries.account_for(viewer, account_id)
    token, errors = "", {}
    if request.method == "POST":
        may_issue_token(viewer, queries.viewer_of(account)).require()
        try:
            token = actions.issue_token(by=viewer, username=account.username, name=text(request.POST, "name", 60),
                                        days=whole(request.POST, "days", "有效天数"))
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
    response = render(request, "accounts/tokens.html", {
        "owner": str(account), "token": token, "errors": errors, "back": _back(viewer.account_id, account_id),
        "rows": [_row(one) for one in queries.tokens_for(viewer, account_id)],
        "issue": may_issue_token(viewer, queries.viewer_of(account)),
        "values": {"name": request.POST.get("name", "") * bool(errors), "days": request.POST.get("days", USUAL_DAYS)},
    }, status=422 if errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def _back(own_id: UUID | None, account_id: UUID) -> str:
    return reverse("accounts:me") if own_id == account_id else reverse("accounts:account", args=[account_id])


def _row(token: Any) -> dict[str, Any]:
    over = token.expires_at is not None and token.expires_at <= timezone.now()
    return {
        "id": token.id, "name": token.name, "created": words_of.day(token.created_at),
        "expires": words_of.day(token.expires_at) or "不限", "used": words_of.day(token.last_used_on) or "还没有用过",
        "live": token.revoked_at is None and not over, "state": "已撤销" if token.revoked_at else "已过期",
    }


@signed_in
@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Stops a token at once."""
    token = actions.revoke_token(by=viewer_of(request), token_id=token_id)
    messages.success(request, f"令牌“{token.name}”已撤销。")
    return redirect(f"{reverse('accounts:tokens')}?account={token.account_id}")
