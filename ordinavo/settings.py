"""All settings, read from the environment; docs/configuration.md explains each variable."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from ordinavo import env, limits, look, media, schedule, security, watching
from ordinavo.kernel.crypto import validate_keys
from ordinavo.kernel.database_url import database_config, validate_redis_url

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# --- Secrets ---------------------------------------------------------------------------------------------
# Without DATABASE_URL the project is on somebody's own machine, where `make run` writes real keys to
# .local/env.json; these two stand in for tools that only need settings to load.
_ON_ITS_OWN = env.text("DATABASE_URL", "") == ""
_NO_SECRET_KEY = "django-insecure-only-to-load-settings"  # noqa: S105
_NO_FIELD_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

SECRET_KEY = env.text("SECRET_KEY", _NO_SECRET_KEY if _ON_ITS_OWN else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY must be set: 50 or more random characters.")
FIELD_KEYS = env.listing("FIELD_KEYS", _NO_FIELD_KEY if _ON_ITS_OWN else "")
validate_keys(FIELD_KEYS)

# --- Web -------------------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", default=False)
HTTPS = env.flag("HTTPS", default=not _ON_ITS_OWN)
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0, minimum=0, maximum=10)
ROOT_URLCONF = "ordinavo.urls"
WSGI_APPLICATION = "ordinavo.wsgi.application"
APPEND_SLASH = False
# The JSON door has its own, stricter limits (ordinavo.kernel.json_door); this one guards the admin's forms.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

globals().update(security.web(https=HTTPS, proxies=TRUSTED_PROXIES))
REMEMBERED_COOKIE_NAME = security.cookie_name("browser", https=HTTPS)

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "ordinavo.kernel",
    "ordinavo.tenants",
    "integrations",
    "webhooks",
    "customers",
    "targets",
    "targets.imports",
    "targets.visits",
    "targets.routes",
    "ordinavo.desk",
]

MIDDLEWARE = [
    "ordinavo.kernel.middleware.request_context",
    "ordinavo.kernel.middleware.content_security_policy",
    "ordinavo.kernel.middleware.asked_by_machines",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ordinavo.tenants.middleware.second_factor",
    "ordinavo.tenants.middleware.active_tenant",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database, broker, workers ---------------------------------------------------------------------------
DATABASES = {
    "default": database_config(
        env.text("DATABASE_URL", "postgresql:///ordinavo"),
        prepares=env.flag("PREPARED_STATEMENTS", default=True),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = validate_redis_url(env.text("REDIS_URL", "redis://127.0.0.1:6379/0"))

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
# A message is only a bell: it is taken out of the broker when work begins, and whatever gets lost is rung for
# again. (With late acknowledgement a worker that loses its broker in the middle of a task dies of it.)
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_TASK_DEFAULT_QUEUE = "default"
# Imports have a queue of their own: a worker may be started for it alone.
CELERY_TASK_QUEUES = [Queue("default"), Queue("imports"), Queue("webhooks"), Queue("routes")]
CELERY_TASK_ROUTES = {
    "targets.imports.tasks.*": {"queue": "imports"},
    # The dispatcher is at work for as long as there is something to deliver: it has a process of its own.
    "webhooks.tasks.dispatch": {"queue": "webhooks"},
    # Planning takes a processor for up to a minute: imports must not wait for it.
    "targets.routes.tasks.solve_suggestion": {"queue": "routes"},
}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Celery's own patience ends after a hundred tries, and with it the worker.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Publishing is best effort after the commit; a dead broker must not hold a web thread for long. (How a worker
# comes back to its broker is not decided here.)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
    "max_retries": 1,
    "interval_start": 0.1,
    "interval_step": 0,
    "interval_max": 0.1,
}
CELERY_TASK_PUBLISH_RETRY = False
# The last rope: a process that hangs is killed and replaced. Chunks take a second.
CELERY_TASK_TIME_LIMIT = 180
# A frozen or vanished worker must not keep its locks: PostgreSQL ends its session, and so the transaction.
WORKER_SESSION = {
    "idle_in_transaction_session_timeout": "30s",
    "statement_timeout": "60s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
CELERY_BEAT_SCHEDULE = schedule.BEAT

# --- API -------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["integrations.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["integrations.permissions.HasRequiredScopes"],
    "DEFAULT_RENDERER_CLASSES": ["ordinavo.kernel.renderer.ApiRenderer"],
    "DEFAULT_PARSER_CLASSES": ["ordinavo.kernel.json_door.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "rest_framework.negotiation.DefaultContentNegotiation",
    "EXCEPTION_HANDLER": "ordinavo.kernel.api_errors.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "ordinavo.kernel.openapi.operations.ApiSchema",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Ordinavo Connect API",
    "DESCRIPTION": (BASE_DIR / "templates" / "docs" / "introduction.md").read_text("utf-8"),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "SERVERS": [{"url": "/api/connect/v1", "description": "This server"}],
    "TAGS": [
        {"name": "Health", "description": "Does my key work?"},
        {"name": "Inbound targets", "description": "Send jobs, stops and visits."},
        {"name": "Import jobs", "description": "What became of what was sent."},
        {"name": "Targets", "description": "Read your targets back."},
        {"name": "Route suggestions", "description": "Who could go where: drafts for the managers."},
        {"name": "Webhooks", "description": "Be told instead of asking."},
        {"name": "Webhook deliveries", "description": "What was sent, what came back, and once more."},
        {"name": "Documentation", "description": "This description; it needs no key."},
    ],
    "SCHEMA_PATH_PREFIX": "/api/connect/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "SERVE_URLCONF": ROOT_URLCONF,
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": ["ordinavo.kernel.openapi.document.complete"],
    "WEBHOOKS": "webhooks.api.schema.received.WEBHOOKS",
}
# How many items of a batch are worked off in one transaction, and as one Celery task.
IMPORT_CHUNK = 500
# A job for which nobody was called, and on which nobody worked, for so long has lost its bell.
IMPORT_SILENCE_SECONDS = 10
IDEMPOTENCY_KEPT_HOURS = 48
UNAUTHORIZED_PER_MINUTE, UNFINISHED_BATCHES = 60, limits.UNFINISHED_BATCHES
RATE_LIMIT_WINDOW_SECONDS, RATE_LIMIT_OUTAGE_SECONDS = limits.RATE_WINDOW_SECONDS, limits.RATE_OUTAGE_SECONDS

# --- Webhooks --------------------------------------------------------------------------------------------
# Hosts and networks that may be called although they are not public, or by http, or on another port.
WEBHOOK_ALLOWED_TARGETS = env.listing("WEBHOOK_ALLOWED_TARGETS")
WEBHOOK_TIMEOUT_SECONDS = 15
# Longer than an attempt can take: what is not recorded by then is sent again.
WEBHOOK_LEASE_SECONDS = 30
WEBHOOK_IN_FLIGHT_PER_SUBSCRIPTION = env.number(
    "WEBHOOK_IN_FLIGHT_PER_SUBSCRIPTION", 10, minimum=1, maximum=100
)
WEBHOOK_IN_FLIGHT = env.number("WEBHOOK_IN_FLIGHT", 1000, minimum=10, maximum=10_000)
# Seconds before the second, third, … attempt; after the last one a delivery has failed.
WEBHOOK_RETRY_SECONDS: tuple[float, ...] = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
# A receiver that fails so often in a row is left alone, as long as it has been failing already, but no less
# and no more than these seconds; then one request finds out whether it lives.
WEBHOOK_CIRCUIT_FAILURES = 5
WEBHOOK_CIRCUIT_SECONDS = (5, 300)
WEBHOOK_DISABLE_AFTER_DAYS = 5
WEBHOOK_KEPT_DAYS = 30
# How long one bell counts: if its dispatcher is not heard of within that time, the next one rings too.
WEBHOOK_BELL_SECONDS = 10
# A dispatcher with nothing to do goes away after so long, but waits for a retry that is due soon.
WEBHOOK_IDLE_SECONDS = 2.0
WEBHOOK_LINGER_SECONDS = 15.0
# What a worker that is asked to end waits for answers.
WEBHOOK_FAREWELL_SECONDS = 5

# --- Routes ---------------------------------------------------------------------------------------------
# Whoever plans renews a claim for so long, and twice its time budget, each second; what is not renewed is
# planned again by another worker.
ROUTES_LEASE_SECONDS = 30
# A pending suggestion that nobody works on, and nobody was called for, for so long has lost its bell.
ROUTES_SILENCE_SECONDS = 30
ROUTES_MOST_RUNG = 100
# A suggestion whose workers die so often is given up.
ROUTES_MOST_ATTEMPTS = 3
# Where travel times come from: an OSRM or Valhalla server; without one, or while it fails, from distances.
ROUTING_URL = env.url("ROUTING_URL")
ROUTING_KIND = env.choice("ROUTING_KIND", "osrm", options=("osrm", "valhalla"))
ROUTING_TIMEOUT_SECONDS = env.number("ROUTING_TIMEOUT_SECONDS", 10, minimum=1, maximum=60)
# Map tiles, as https://tiles.example.com/{z}/{x}/{y}.png; without them the map is plain ground.
ROUTE_TILE_URL = env.url("ROUTE_TILE_URL")
ROUTE_TILE_ATTRIBUTION = env.text("ROUTE_TILE_ATTRIBUTION", "")
CONTENT_SECURITY_POLICY = security.content_security_policy(tile_url=ROUTE_TILE_URL)

# --- E-mail ----------------------------------------------------------------------------------------------
# Without a host it is written to the output of the worker.
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env.number("EMAIL_PORT", 587, minimum=1, maximum=65_535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "ordinavo@localhost")
# Where people reach the admin, as https://connect.example.com: for links in e-mails.
PUBLIC_URL = env.url("PUBLIC_URL").rstrip("/")

# --- People ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = ["ordinavo.tenants.backends.GuardedBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
# Whether operators, who see every tenant, need an authenticator app beside the password.
OPERATORS_SECOND_FACTOR = env.flag("OPERATORS_SECOND_FACTOR", default=HTTPS)
_HASHERS = "django.contrib.auth.hashers"
PASSWORD_HASHERS = [f"{_HASHERS}.ScryptPasswordHasher", f"{_HASHERS}.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Language, time, files -------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = True
FORMAT_MODULE_PATH = ["ordinavo.formats"]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = media.root(BASE_DIR)
WHITENOISE_USE_FINDERS = _ON_ITS_OWN or env.flag("EMBEDDED", default=False)
STORAGES = media.storages(from_source=WHITENOISE_USE_FINDERS)
ATTACHMENT_MOST_BYTES, ATTACHMENT_MOST_PIXELS = media.MOST_BYTES, media.MOST_PIXELS
FILE_UPLOAD_HANDLERS = ["ordinavo.kernel.uploads.BoundedUpload"]
LOGGING_CONFIG = "ordinavo.kernel.logging.configure"
LOGGING = watching.logs()
METRICS_TOKEN = watching.metrics_token()
METRICS_DIR = watching.metrics_dir(METRICS_TOKEN)

UNFOLD = look.UNFOLD
