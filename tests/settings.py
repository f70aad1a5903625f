"""The project's settings with cheap password hashes; everything else is as in production."""

import os
from urllib.parse import urlsplit

from ordinavo.settings import *  # noqa: F403
from ordinavo.settings import REDIS_URL as _GIVEN_REDIS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files come straight from the apps: nothing is collected for a test.
WHITENOISE_AUTOREFRESH = True
# Tests run beside each other, and each empties its Redis database: every process has one of its own.
if _WORKER := os.environ.get("PYTEST_XDIST_WORKER"):
    REDIS_URL = urlsplit(_GIVEN_REDIS)._replace(path=f"/{int(_WORKER.removeprefix('gw')) + 1}").geturl()
    CELERY_BROKER_URL = REDIS_URL
# Innermost but for nothing: what staff changes leaves an audit entry, in every test.
MIDDLEWARE = [*MIDDLEWARE, "tests.audited.watch"]  # noqa: F405
