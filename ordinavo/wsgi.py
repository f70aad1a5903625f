"""The WSGI application that the web server loads."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from ordinavo.kernel.chunked import with_measured_bodies
from ordinavo.kernel.measures import count_into

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ordinavo.settings")
count_into(settings.METRICS_DIR, "web")
application = with_measured_bodies(get_wsgi_application())
