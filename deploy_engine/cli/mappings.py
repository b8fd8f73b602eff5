"""``mappings``: one task's TableMappings, as DMS is given them."""

from __future__ import annotations

import argparse
import json

from deploy_engine.cli.command import Command
from deploy_engine.cli.exit_codes import OK
from deploy_engine.cli.scopes import UnfitArguments, add_directory, load_company, subject_of
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.rendering import task_mappings


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_directory(parser)
    for name, letter in (("env", "E"), ("team", "T"), ("task", "K")):
        parser.add_argument(f"--{name}", metavar=letter, required=True)


def _run(arguments: argparse.Namespace, around: Surroundings) -> int:
    subject = subject_of(load_company(arguments.directory), arguments.env, arguments.team)
    tasks = subject.team.document.tasks
    if arguments.task not in tasks:
        raise UnfitArguments(f"{arguments.team} has no task {arguments.task!r}, only {', '.join(sorted(tasks))}")
    around.output.json(json.loads(task_mappings(tasks[arguments.task])))
    return OK


MAPPINGS = Command("mappings", "Print a task's TableMappings JSON.", _arguments, _run)
