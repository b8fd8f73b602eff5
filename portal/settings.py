"""Django's settings. What an operator may choose is read in `portal/configuration.py`; the rest follows from it."""

from datetime import timedelta
from typing import Any

from bootstrap_wrapper import get_bootstrap_dir

from portal.browser_settings import browser_settings, cookie_name
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
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.headers.OwnPagesOnly",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # below the headers, so that static files carry them too
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # a page is closed unless it says `login_not_required`
    "portal.middleware.request_log.RequestLog",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.errors.TypedErrors",
    "portal.middleware.proof_of_person.ProofOfPerson",
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
GIT_SIGNING_KEY = str(SLUICE.git_signing_key or "")

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

# --- What a request may hold ------------------------------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes: a pasted list of 20,000 tables has less
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000  # 1,000 tables ticked at once, and all else of the page
DATA_UPLOAD_MAX_NUMBER_FILES = 0  # no form takes one

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
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "portal.shell.signed_in.AccountsWithRoles"]
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
AXES_USERNAME_CALLABLE = "portal.web.accounts.throttled_names.throttled_name"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
CSRF_FAILURE_VIEW = "portal.shell.error_pages.csrf_failure"

# --- What browsers are told -------------------------------------------------------------------------------------------

globals().update(browser_settings(serves_https=SERVES_HTTPS, behind_proxy=SLUICE.behind_proxy))
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
PROOF_LASTS = timedelta(minutes=15)
MESSAGES_COOKIE_NAME = cookie_name("messages", serves_https=SERVES_HTTPS)
THEME_COOKIE_NAME = cookie_name("theme", serves_https=SERVES_HTTPS)
ENVIRONMENT_COOKIE_NAME = cookie_name("environment", serves_https=SERVES_HTTPS)
MESSAGE_STORAGE = "portal.shell.message_cookie.MessageCookie"

# --- Logs -------------------------------------------------------------------------------------------------------------

LOGGING = logging_settings(SLUICE.log_format, SLUICE.log_level)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # logging.DEBUG: the line at the end of a request says it all
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = 10  # ticks come by the second; failures are still errors
configure_structlog()
