"""`manage.py verify_git [--repair]`: whether git says what is accepted. Exit 0: it does. 1: it differs,
or a commit is signed by a key that is not Sluice's."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from replication.errors import Refused
from replication.selectors.git_difference import git_difference
from replication.selectors.git_signatures import git_signatures
from replication.services.git_export import git_export_run
from replication.services.git_repair import git_repair

EXIT_DIFFERS = 1


class Command(BaseCommand):
    """Compares every config file of the repository with what is accepted."""

    help = "Name every config file in git that is not what is accepted; with --repair, commit what is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Look, or mend."""
        parser.add_argument("--repair", action="store_true", help="make git say what is accepted, by a commit")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, or mend and look again."""
        if options["repair"]:
            try:
                git_repair(actor=None)
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal
            git_export_run()
        difference = git_difference()
        for each in difference.files:
            how = "is only in git" if not each.accepted else "is missing in git" if not each.in_git else "differs"
            self.stdout.write(f"{each.path} {how}")
        foreign = self._signatures()
        if difference.files:
            self.stdout.write(f"{len(difference.files)} files differ; {difference.waiting} commits wait.")
            sys.exit(EXIT_DIFFERS)
        self.stdout.write("Git says what is accepted.")
        if foreign:
            sys.exit(EXIT_DIFFERS)

    def _signatures(self) -> bool:
        """Say which commits are signed; gives whether one is signed by somebody else."""
        found = git_signatures()
        newest = f"; the newest that is not is {found.newest_unsigned[:12]}" if found.newest_unsigned else ""
        self.stdout.write(f"{found.signed} of {found.signed + found.unsigned} commits are signed{newest}.")
        if found.tried:
            self.stdout.write(
                f"Of the newest {found.tried} signatures, {found.tried - len(found.foreign)} are Sluice's."
            )
        for commit in found.foreign:
            self.stdout.write(f"{commit} is signed by another key, or was altered.")
        return bool(found.foreign)
