"""`manage.py create_platform_engineer NAME`: the first account of a new portal, which opens all others in its pages."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.web.people.password import choose_password_path
from replication.choices import GlobalRoleName
from replication.services.memberships import global_role_grant
from replication.services.people import person_create


class Command(BaseCommand):
    """Opens the account where there is none of that name, gives it the role, and prints the link to its password."""

    help = "Make NAME a platform engineer, and print the link by which its owner chooses a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose account it is."""
        parser.add_argument("name", help="what its owner signs in as")
        parser.add_argument("--first-name", default="", help="the name alone, if not given")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make both or neither, and say where to go on."""
        with transaction.atomic():
            person = User.objects.filter(username=options["name"]).first() or _open(options)
            global_role_grant(actor=None, user=person, role=GlobalRoleName.PLATFORM)
        self.stdout.write(
            f"{person.username} is a platform engineer. The link to choose a password, good once and for three days:\n"
            f"{settings.PUBLIC_URL}{choose_password_path(person)}"
        )


def _open(options: dict[str, Any]) -> User:
    try:
        return person_create(
            actor=None,
            username=options["name"],
            first_name=options["first_name"] or options["name"],
            last_name=options["last_name"],
            email=options["email"],
        )
    except ValidationError as refused:
        raise CommandError("\n".join(refused.messages)) from refused
