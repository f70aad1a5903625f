"""The project's settings with cheap password hashes; everything else is as in production."""

from ordinavo.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files come straight from the apps: nothing is collected for a test.
WHITENOISE_AUTOREFRESH = True
