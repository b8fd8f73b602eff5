"""`manage.py import_config DIR`: a whole company into an empty portal, from the files of its config repository."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from replication.errors import InvalidInput, Refused
from replication.services.company_import import company_import


class Command(BaseCommand):
    """Reads every file of the directory; accepts all of it, or nothing."""

    help = "Import a config repository into an empty portal: revision 1 of every scope, one git commit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The directory."""
        parser.add_argument("directory", type=Path, help="the config repository's work tree")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or say everything that is wrong."""
        directory: Path = options["directory"]
        try:
            company = company_import(actor=None, files=_files(directory))
        except InvalidInput as refusal:
            lines = [f"{finding.file}{finding.pointer}: {finding.message}" for finding in refusal.findings]
            raise CommandError("\n".join(lines)) from refusal
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        teams = sum(len(environment.teams) for environment in company.environments.values())
        self.stdout.write(f"Imported {len(company.environments)} environments and {teams} team configs.")


def _files(directory: Path) -> dict[str, str]:
    if not directory.is_dir():
        raise CommandError(f"{directory} is not a directory.")
    paths = [path for path in sorted(directory.rglob("*.json")) if ".git" not in path.relative_to(directory).parts]
    return {path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8") for path in paths}
