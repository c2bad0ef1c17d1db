"""Settings of every process. What differs between places comes from FUHUI_… environment variables."""

from __future__ import annotations

from typing import Any

from fuhui.config import environment as env
from fuhui.config.demo.roster import DEMO_ACCOUNTS as _DEMO_ACCOUNTS
from fuhui.config.engine import APP_ROLE, DATABASE, OWNER_ROLE, Engine
from fuhui.config.secrets import load_or_create

ROOT = env.ROOT
VAR = env.folder("FUHUI_VAR", ROOT / "var")
DEMO = env.flag("FUHUI_DEMO")
DEMO_ACCOUNTS = _DEMO_ACCOUNTS if DEMO else ()  # offered on the sign-in page, for one tap
DEBUG = env.flag("FUHUI_DEBUG")
SECRETS = load_or_create(VAR / "secrets.json")
SECRET_KEY = SECRETS["django"]
ALLOWED_HOSTS = env.names("FUHUI_HOSTS", "*" if DEMO or DEBUG else "localhost,127.0.0.1,testserver")
CSRF_TRUSTED_ORIGINS = env.names("FUHUI_ORIGINS")
CSRF_FAILURE_VIEW = "fuhui.shared.ui.web.errors.csrf_failure"
BEHIND_HTTPS = env.flag("FUHUI_HTTPS")
if BEHIND_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000

# --- rooms -------------------------------------------------------------------------------------------------
ROOMS = [
    "fuhui.shared.ui",
    "fuhui.shared.tenancy",
    "fuhui.shared.audit",
    "fuhui.shared.calendar",
    "fuhui.shared.files",
    "fuhui.shared.messages",
    "fuhui.shared.jobs",
    "fuhui.registry.places",
    "fuhui.registry.people",
    "fuhui.registry.accounts",
    "fuhui.registry.organisations",
    "fuhui.registry.ledger",
    "fuhui.domains.cases",
    "fuhui.domains.wishes",
    "fuhui.domains.activities",
    "fuhui.domains.volunteers",
    "fuhui.channels.chat",
    "fuhui.journeys",
    "fuhui.insights.desk",
    "fuhui.insights.figures",
    "fuhui.insights.street",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "ninja",  # the API page's own scripts, served by us and not from elsewhere
    *ROOMS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fuhui.shared.ui.policy.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "fuhui.registry.accounts.middleware.ViewerMiddleware",
    "fuhui.shared.ui.middleware.PeopleErrorsMiddleware",
]

ROOT_URLCONF = "fuhui.config.urls"
WSGI_APPLICATION = "fuhui.config.wsgi.application"

_LOADERS: list[Any] = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "fuhui" / "registry" / "accounts" / "templates"],  # before allauth's own pages
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", _LOADERS)],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "fuhui.shared.ui.context.page",
            ],
        },
    }
]
COTTON_DIR = "cotton"

# --- database ----------------------------------------------------------------------------------------------
ENGINE = Engine(VAR / "postgres")
DATABASE_URL = env.text("FUHUI_DATABASE_URL")
OWNER_DATABASE_URL = env.text("FUHUI_OWNER_DATABASE_URL")


def _database(url: str, embedded_role: str) -> dict[str, Any]:
    place = (
        env.database_parts(url)
        if url
        else {"NAME": DATABASE, "USER": embedded_role, "PASSWORD": "", "HOST": str(ENGINE.sockets), "PORT": ""}
    )
    return {
        "ENGINE": "fuhui.shared.database",
        **place,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3, "connect_timeout": 10},
    }


DATABASES = {
    "default": _database(DATABASE_URL, APP_ROLE),
    "owner": _database(OWNER_DATABASE_URL or DATABASE_URL, OWNER_ROLE),
}
# The owner is for migrations and COPY only; rows are always read and written as the application's role.
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["fuhui.registry.accounts.sessions.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Counters of failed sign-ins must hold in every web process, so the cache is a table (made by accounts' migration).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "fuhui_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # culling a full table would forget counters
    }
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "fuhui.registry.accounts.adapter.AccountAdapter"
# By name it is strict; by address it is not, since a whole office often sits behind one.
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "福惠"
STAFF_SECOND_FACTOR = env.flag("FUHUI_STAFF_SECOND_FACTOR")
SESSION_ENGINE = "fuhui.registry.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# --- language and time -------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "fuhui" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# --- files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [("vendor", VAR / "vendor")] if (VAR / "vendor").exists() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = VAR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- outside -----------------------------------------------------------------------------------------------
EMAIL_URL_HOST = env.text("FUHUI_MAIL_HOST")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_URL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_HOST = EMAIL_URL_HOST
EMAIL_PORT = env.number("FUHUI_MAIL_PORT", 25)
EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = env.text("FUHUI_MAIL_FROM", "fuhui@localhost")
# Where the live process is: a whole address, or only its port on the host that the page came from.
# Neither: no live queue; pages look again every half minute.
LIVE_URL = env.text("FUHUI_LIVE_URL")
LIVE_PORT = env.number("FUHUI_LIVE_PORT", 0)
_LIVE_SOURCE = [LIVE_URL] if LIVE_URL else [f"*:{LIVE_PORT}"] if LIVE_PORT else []
MAP_TILES = env.text("FUHUI_MAP_TILES")  # optional raster tiles below the community's own polygons
FIELD_CIPHER = env.text("FUHUI_CIPHER", "AES-GCM")  # or SM4-GCM

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"] + ([MAP_TILES.split("{")[0]] if MAP_TILES else []),
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'", *_LIVE_SOURCE] + ([MAP_TILES.split("{")[0]] if MAP_TILES else []),
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "fields.W342"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("FUHUI_LOG", "WARNING")},
}
