"""The part of allauth that is used here; mounted at accounts/. Whatever is not listed does not exist."""

from __future__ import annotations

from allauth.account import views
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView

from fuhui.registry.accounts.web.sign_in import SignIn

urlpatterns = [
    path("login/", SignIn.as_view(), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", TemplateView.as_view(template_name="account/password_reset.html"),
         name="account_reset_password"),
    path("email/", RedirectView.as_view(pattern_name="accounts:me"), name="account_email"),
    path("2fa/", include("allauth.mfa.urls")),
]
