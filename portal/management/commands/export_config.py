"""`manage.py export_config DIR`: everything that is accepted, as the files of the config repository."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from replication.selectors.company import company_files


class Command(BaseCommand):
    """The inverse of `import_config`: importing what it wrote and exporting again gives the same bytes."""

    help = "Write the accepted config of every environment and team into an empty or new directory."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The directory."""
        parser.add_argument("directory", type=Path, help="an empty or new directory")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write every file."""
        directory: Path = options["directory"]
        if directory.exists() and any(directory.iterdir()):
            raise CommandError(f"{directory} is not empty; files that are no longer accepted would stay in it.")
        files = company_files()
        for path, text in files.items():
            target = directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        self.stdout.write(f"Wrote {len(files)} files to {directory}.")
