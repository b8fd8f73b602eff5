"""Django's settings. What an operator may choose is read in `portal/configuration.py`; the rest follows from it."""

from datetime import timedelta
from typing import Any

from bootstrap_wrapper import get_bootstrap_dir
from csp.constants import NONE, SELF

from portal.configuration import PROJECT_ROOT, Configuration
from portal.databases import database_from_url
from portal.logs import configure_structlog, logging_settings
from portal.mail_server import mail_server_from, webhooks_from

SLUICE = Configuration()
SERVES_HTTPS = not SLUICE.is_demo

BASE_DIR = PROJECT_ROOT
SECRET_KEY = SLUICE.signing_key
DEBUG = False
ALLOWED_HOSTS = SLUICE.allowed_hosts
CSRF_TRUSTED_ORIGINS = SLUICE.trusted_origins
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "simple_history",
    "django_htmx",
    "template_partials",
    "django_filters",
    "csp",
    "axes",
    "django_structlog",
    "lucide",
    "replication",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # a page is closed unless it says `login_not_required`
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.errors.TypedErrors",
    "axes.middleware.AxesMiddleware",  # last, as its documentation asks: it answers what sign-in refused
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT_ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.shell.chrome.chrome",
            ],
        },
    },
]

# --- Data -------------------------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {"default": database_from_url(SLUICE.database_location)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
GIT_REPOSITORY_PATH = SLUICE.git_repository_path
GIT_REMOTE_URL = SLUICE.git_remote
GIT_REMOTE_USERNAME = SLUICE.git_remote_username
GIT_REMOTE_PASSWORD = SLUICE.git_remote_password.get_secret_value()
GIT_REMOTE_CA_FILE = str(SLUICE.git_remote_ca_file or "")
GIT_REMOTE_SSH_COMMAND = SLUICE.git_remote_ssh_command

# --- Replication ------------------------------------------------------------------------------------------------------

REPLICATION_OBSERVE_SECONDS = SLUICE.observe_seconds
REPLICATION_WATCHDOG_SECONDS = SLUICE.watchdog_seconds
REPLICATION_DEPLOYMENT_PACE = SLUICE.deployment_pace
REPLICATION_FENCED_ENVIRONMENTS = SLUICE.fenced_environments

# --- Word of it -------------------------------------------------------------------------------------------------------

PUBLIC_URL = SLUICE.public_url
REPLICATION_WEBHOOKS = webhooks_from(SLUICE)
REPLICATION_SENDS_EMAIL = bool(SLUICE.email_url.get_secret_value())
DEFAULT_FROM_EMAIL = SLUICE.email_from
EMAIL_TIMEOUT = 10  # seconds
globals().update(mail_server_from(SLUICE.email_url))

# --- Language and time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# --- Static files -----------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = None if SLUICE.is_demo else PROJECT_ROOT / "staticfiles"
STATICFILES_DIRS = [("bootstrap", get_bootstrap_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if SLUICE.is_demo
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = SLUICE.is_demo  # the demo needs no `collectstatic`

# --- Who is signed in -------------------------------------------------------------------------------------------------

LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
CSRF_FAILURE_VIEW = "portal.shell.error_pages.csrf_failure"

# --- What browsers are told -------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVES_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if SERVES_HTTPS else "sluice-session"
CSRF_COOKIE_NAME = "__Host-csrf" if SERVES_HTTPS else "sluice-csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())

SECURE_SSL_REDIRECT = SERVES_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # load balancers ask it over plain HTTP
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if SERVES_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SERVES_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SERVES_HTTPS and SLUICE.behind_proxy else None

# --- Logs -------------------------------------------------------------------------------------------------------------

LOGGING = logging_settings(SLUICE.log_format, SLUICE.log_level)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # logging.DEBUG: the line at the end of a request says it all
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = 10  # ticks come by the second; failures are still errors
configure_structlog()
