"""Settings of the tests: the real ones, with files of their own and quick password hashes."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("FUHUI_VAR", str(Path(__file__).resolve().parents[1] / "var" / "test"))

from fuhui.config.settings import *  # noqa: F403
from fuhui.config.settings import STATIC_ROOT, STORAGES, VAR

# Hundreds of sign-ins are not meant to be slow, and pages need no collected files.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MEDIA_ROOT = VAR / "files"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
