"""The web application as gunicorn serves it."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from portal.memory import keep_collector_short

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

get_resolver().url_patterns  # noqa: B018 - loads every page
keep_collector_short()
