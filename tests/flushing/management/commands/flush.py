"""Emptying a test database: Django's `flush`, with the guards of the record lifted meanwhile."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from replication.models.append_only import guards_lifted


class Command(flush.Command):
    """What Django calls after each test that commits for real."""

    def handle(self, **options: Any) -> None:
        """Lift, empty, erect."""
        with guards_lifted(connections[options["database"]]):
            super().handle(**options)
