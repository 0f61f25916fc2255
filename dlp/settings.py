"""All settings. Whatever differs between machines comes from the environment; README.md lists it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from dlp.loopback import is_loopback

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))


def required(name: str) -> str:
    """Return an environment variable that the site cannot start without."""
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(
            f"{name} is not set. Start with bin/start, which sets it, or set {name} "
            f"where the process is started (README.md, 'Settings')."
        ) from None


def flag(name: str, *, default: bool) -> bool:
    """Return a yes-or-no environment variable; anything but 1 or 0 is refused."""
    value = os.environ.get(name, "1" if default else "0")
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} is '{value}'. Set it to 1 for yes or 0 for no.")
    return value == "1"


def whole_number(name: str, *, default: int, at_least: int = 0) -> int:
    """Return an environment variable that counts something."""
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or int(value) < at_least:
        raise ImproperlyConfigured(
            f"{name} is '{value}'. Set it to a whole number, {at_least} or more."
        )
    return int(value)


# Who we are on the network

SECRET_KEY = required("SECRET_KEY")
SEALING_KEY = required("SEALING_KEY")  # encrypts sealed text; kept apart from the data
DEBUG = flag("DEBUG", default=False)
BASE_URL = required("BASE_URL").rstrip("/")
_base = urlsplit(BASE_URL)
if _base.scheme not in ("http", "https") or not _base.hostname:
    raise ImproperlyConfigured(
        f"BASE_URL is '{BASE_URL}'. Give the address people type, such as https://dlp.example.org."
    )
ON_LOOPBACK = is_loopback(_base.hostname)
ALLOWED_HOSTS = [_base.hostname, *(["127.0.0.1"] if ON_LOOPBACK else [])]
PROXY_COUNT = int(os.environ.get("PROXY_COUNT", "0"))  # trusted proxies in front of the web server

# What is installed

INSTALLED_APPS = [
    "dlp.home",
    "training",
    "placements",
    "cohorts",
    "dlp.outbox",
    "dlp.audit",
    "dlp.privacy",
    "dlp.signin",
    "dlp.embedded",
    "dlp.signin.admin_config.ProgrammeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "csp",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "dlp.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "dlp.middleware.LoopbackRedirectMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dlp.middleware.DenialLogMiddleware",
    "dlp.signin.middleware.SignedOutMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dlp.signin.middleware.LastUseMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "dlp.signin.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "dlp.middleware.ValkeyDownMiddleware",
]

ROOT_URLCONF = "dlp.urls"
WSGI_APPLICATION = "dlp.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "dlp.home.context.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Postgres, Valkey

_database: dict[str, Any] = {"connect_timeout": "5", **conninfo_to_dict(required("DATABASE_URL"))}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.pop("dbname", "dlp"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": _database.pop("port", ""),
        "OPTIONS": _database,
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}

REDIS_URL = required("REDIS_URL")
REDIS_PREFIX = os.environ.get("REDIS_PREFIX", "dlp")


def redis_address(database: int, *, broker: bool = False) -> str:
    """REDIS_URL with a database number, as Django's cache or (broker) as kombu spells it.

    A socket is unix:///path for the one and redis+socket:///path for the other.
    """
    url = urlsplit(REDIS_URL)
    if url.scheme == "unix":
        scheme, key = ("redis+socket", "virtual_host") if broker else ("unix", "db")
        return f"{scheme}://{quote(url.path)}?{key}={database}"
    return f"{url.scheme}://{url.netloc}/{database}"


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_address(1),
        "KEY_PREFIX": REDIS_PREFIX,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}

CELERY_BROKER_URL = redis_address(0, broker=True)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{REDIS_PREFIX}:",
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    # a request that rings the doorbell does not wait for a broker that is away
    **dict.fromkeys(("max_retries", "interval_start", "interval_step", "interval_max"), 0),
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # its lines go through LOGGING, like all others

# Mail: the outbox alone sends. Without EMAIL_URL, letters go to the local mailbox.

EMAIL_URL = os.environ.get("EMAIL_URL", "")
MAILBOX_DIR = VAR_DIR / "mailbox"
MAILBOX_TOKEN = os.environ.get("MAILBOX_TOKEN", "")
MAIL_FROM = os.environ.get("MAIL_FROM", "Difference Leadership Programme <programme@example.org>")
QUIET_HOURS = flag("QUIET_HOURS", default=bool(EMAIL_URL))  # the local mailbox wakes nobody
RELAY_RATE = whole_number("RELAY_RATE", default=5 if EMAIL_URL else 0)  # letters a second; 0: any
RELAY_CONNECTIONS = whole_number("RELAY_CONNECTIONS", default=3 if EMAIL_URL else 0)
RELAY_PAUSE_SECONDS = whole_number("RELAY_PAUSE_SECONDS", default=300)  # until an outage is probed
LEASE_SECONDS = whole_number("LEASE_SECONDS", default=600, at_least=1)  # how long a sender may hold
SETTLE_SECONDS = whole_number("SETTLE_SECONDS", default=900)  # from silence to asking the relay
RELAY_LOG = os.environ.get("RELAY_LOG", "none" if EMAIL_URL else "mailbox")
CANARY_ADDRESS = os.environ.get("CANARY_ADDRESS", "")  # a mailbox of ours, written to all the time
HEARTBEAT_URL = os.environ.get("HEARTBEAT_URL", "")  # a monitor, asked for while letters go
FAILPOINTS = flag("FAILPOINTS", default=False)  # lets tests kill a sender at a chosen point
EMAIL_BACKEND = "dlp.outbox.backend.OutboxOnlyBackend"
DEFAULT_FROM_EMAIL = MAIL_FROM
SERVER_EMAIL = MAIL_FROM

# The programme

COMPLETION_ATTENDANCE = whole_number("COMPLETION_ATTENDANCE", default=80)  # % that completing takes

# People and sign-in: by a code in a letter, a passkey, or both (docs/decisions)

SITE_NAME = "Difference Leadership Programme"
AUTH_USER_MODEL = "cohorts.Person"
AUTHENTICATION_BACKENDS = ["dlp.signin.backends.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
REQUIRE_SECOND_FACTOR_OF_ALL = flag("REQUIRE_SECOND_FACTOR_OF_ALL", default=False)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
ACCOUNT_ADAPTER = "dlp.signin.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]  # nobody signs up; without a password here, sign-in has none
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code proves the mailbox
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {"confirm_login_code": "dlp.signin.forms.ConfirmCodeForm"}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "request_login_code": "20/m/ip,3/m/key,6/15m/key",
    "confirm_login_code": "60/m/ip,3/10m/key",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "calendar_feed": "60/h/key",
}
MFA_ADAPTER = "dlp.signin.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # the code before and the code after: clocks drift, thumbs are slow
MFA_RECOVERY_CODES_SHOW_ONCE = True

# The browser wall

COOKIES_NEED_TLS = _base.scheme == "https" or ON_LOOPBACK
_prefix = "__Host-" if COOKIES_NEED_TLS else ""
SESSION_ENGINE = "dlp.signin.sessions"
SESSION_COOKIE_NAME = f"{_prefix}session"
SESSION_COOKIE_SECURE = COOKIES_NEED_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60
CSRF_COOKIE_NAME = f"{_prefix}csrf"
CSRF_COOKIE_SECURE = COOKIES_NEED_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # the line below
SECURE_SSL_REDIRECT = False  # the proxy in front does it; the web server speaks plain HTTP to it
SECURE_HSTS_SECONDS = 63_072_000 if _base.scheme == "https" else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _base.scheme == "https"
SECURE_HSTS_PRELOAD = _base.scheme == "https"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Language, time, files

LANGUAGE_CODE = "en-gb"
USE_I18N = True
FORMAT_MODULE_PATH = "dlp.formats"
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "media"

DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
RESOURCE_MEGABYTES = 25  # slides, and what else is handed out at a session
UPLOAD_MEGABYTES = 10  # any other file that somebody hands in

# How long things may change

REGISTER_CORRECTION_DAYS = 30  # days after a session in which a mark can be corrected
WAITING_LIST_OFFER_HOURS = 48  # how long somebody may think about a place they are offered
WAITING_LIST_CLOSES_HOURS = 24  # so long before the start no place is offered any more

# Logs: ids, never names, addresses or text that somebody wrote

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "dlp.logs.Discreet"}},
    "formatters": {
        "line": {"()": "dlp.logs.Line", "format": "{levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["discreet"],
        }
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
