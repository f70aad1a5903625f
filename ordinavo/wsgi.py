"""The WSGI application that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from ordinavo.kernel.chunked import with_measured_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ordinavo.settings")
application = with_measured_bodies(get_wsgi_application())
