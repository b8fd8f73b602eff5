"""The Celery application. What it is set to, and why, stands in `portal/celery_settings.py`."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("sluice")
app.config_from_object("portal.celery_settings")  # by name, so that it is read after Django's settings
app.autodiscover_tasks(["replication", "portal.health", "portal.notices"])
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def _use_the_portals_logging(**_signal: Any) -> None:
    """Keep Celery from replacing the log format with its own."""
    from django.conf import settings  # noqa: PLC0415 - settings import this package

    logging.config.dictConfig(settings.LOGGING)
