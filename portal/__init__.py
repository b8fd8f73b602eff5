"""What a person or an API client touches: settings, URLs, pages, health, and the commands that operate Sluice.

The Celery application is imported here so that every process that loads Django (web, worker, beat, commands) sends and
receives through the same one.
"""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
