"""Pages without a database: only what the components themselves need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from fuhui.shared.ui import navigation


@pytest.fixture(autouse=True)
def small_site(settings: Settings) -> Iterator[None]:
    """A site with the gallery, the error middleware and nothing that needs a database."""
    settings.ROOT_URLCONF = "fuhui.shared.ui.tests.urls"
    settings.DEMO, settings.DEBUG = True, False
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    settings.CSRF_FAILURE_VIEW = "fuhui.shared.ui.web.errors.csrf_failure"
    settings.MIDDLEWARE = [
        "fuhui.shared.ui.policy.ContentPolicyMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "fuhui.shared.ui.middleware.PeopleErrorsMiddleware",
    ]
    _forget_addresses()
    yield
    _forget_addresses()


@pytest.fixture
def browser() -> Client:
    """A browser on that site; a fault of ours is a 500 here, not an exception."""
    return Client(raise_request_exception=False)


def _forget_addresses() -> None:
    navigation.address_of.cache_clear()
    navigation.bars_for.cache_clear()
