"""The web application as gunicorn serves it."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

# All that is loaded stays for good. Python's collector would go through it again and again, a tenth of a second each
# time, in the middle of somebody's page; kept apart, it only goes through what the pages themselves have left.
get_resolver().url_patterns  # noqa: B018 - loads every page
gc.collect()
gc.freeze()
