"""`manage.py seed_demo`: fill an empty portal with the example company and its history; print who can sign in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from deploy_engine.adapters.config_directory import read_directory
from portal.demo.aws_speed import local_aws_at_speed
from portal.demo.people import PASSWORD, PEOPLE, platform_grant, teams_grant, users_create
from portal.demo.programs import EXAMPLE_COMPANY
from portal.demo.story import StoryStuck, first_deployments, history
from replication.models import Environment, Team
from replication.services.company_import import company_import

SEEDING_SPEED = 40
"""How many times faster the local AWS lives while the company's past is made."""


class Command(BaseCommand):
    """Runs once: a portal that has teams is left as it is."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--company", type=Path, default=EXAMPLE_COMPANY, help="a config repository to import")
        parser.add_argument("--environment", default="local", help="the environment to deploy to")
        parser.add_argument("--without-history", action="store_true", help="import and deploy, but tell no story")

    def handle(self, **options: Any) -> None:
        if not settings.SLUICE.is_demo:
            raise CommandError("seed_demo makes users with a known password: it runs in the demo only.")
        if not Team.objects.exists():
            try:
                self._seed(options["company"], options["environment"], history_too=not options["without_history"])
            except StoryStuck as stuck:
                raise CommandError(f"The demo's company could not be set up: {stuck}") from stuck
        self._print_people()

    def _seed(self, company: Path, environment_name: str, *, history_too: bool) -> None:
        users = users_create()
        platform_grant(users)
        company_import(actor=users["petra"], files=read_directory(company))
        teams_grant(users, actor=users["petra"])
        environment = Environment.objects.get(name=environment_name)
        with local_aws_at_speed(environment, SEEDING_SPEED):
            first_deployments(environment, actor=users["petra"])
            if history_too:
                history(environment, users)

    def _print_people(self) -> None:
        self.stdout.write(f"Sign in as one of these, with the password “{PASSWORD}”:")
        for person in PEOPLE:
            self.stdout.write(f"  {person.username:<8} {person.first_name} {person.last_name}, {person.does}")
