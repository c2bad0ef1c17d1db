"""Addresses of accounts; mounted at staff/."""

from __future__ import annotations

from django.urls import path

from fuhui.registry.accounts.web import accounts, own, sign_in, tokens

app_name = "accounts"
urlpatterns = [
    path("", accounts.accounts, name="list"),
    path("new/", accounts.new, name="new"),
    path("me/", own.me, name="me"),
    path("community/", own.community, name="community"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke, name="revoke"),
    path("demo/", sign_in.demo, name="demo"),
    path("<uuid:account_id>/", accounts.account, name="account"),
    path("<uuid:account_id>/<slug:deed>/", accounts.deed, name="deed"),
]
