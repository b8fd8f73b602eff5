"""Reads the arguments, runs the command, and puts what goes wrong into words and an exit code."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from deploy_engine.adapters.config_directory import NoConfigDirectory
from deploy_engine.cli.accept import ACCEPT
from deploy_engine.cli.adopt import ADOPT
from deploy_engine.cli.command import Command
from deploy_engine.cli.deploy import DEPLOY
from deploy_engine.cli.exit_codes import FINDINGS, UNREACHABLE, USAGE
from deploy_engine.cli.mappings import MAPPINGS
from deploy_engine.cli.plan import PLAN
from deploy_engine.cli.policies import POLICIES
from deploy_engine.cli.rehearse import REHEARSE
from deploy_engine.cli.render import RENDER
from deploy_engine.cli.schema import SCHEMA
from deploy_engine.cli.scopes import UnfitArguments
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.cli.validate import VALIDATE, findings_as_json
from deploy_engine.cli.wording import show_finding
from deploy_engine.errors import AwsThrottled, AwsUnreachable, EngineError, InvalidConfig

COMMANDS: tuple[Command, ...] = (SCHEMA, VALIDATE, RENDER, MAPPINGS, PLAN, ACCEPT, DEPLOY, REHEARSE, POLICIES, ADOPT)
INTERRUPTED = 130
"""What shells expect of a command that Ctrl-C ended."""


def parser() -> argparse.ArgumentParser:
    """The whole command line's grammar."""
    whole = argparse.ArgumentParser(
        prog="python -m deploy_engine",
        description="Checks, plans and deploys the database replication that a config repository describes.",
    )
    commands = whole.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=command.summary, description=command.summary)
        command.arguments(one)
        one.set_defaults(command=command)
    return whole


def main(arguments: Sequence[str], surroundings: Surroundings | None = None) -> int:
    """Run one command; returns its exit code (``exit_codes.py``)."""
    around = surroundings or Surroundings()
    try:
        parsed = parser().parse_args(arguments)
    except SystemExit as stop:  # argparse's way to end: 0 after --help, 2 after a usage error
        return int(stop.code or 0)
    command: Command = parsed.command
    try:
        return command.run(parsed, around)
    except EngineError as error:
        return _ended(error, around, as_json=getattr(parsed, "json", False))
    except KeyboardInterrupt:
        around.output.error("Interrupted. What was begun in AWS stays as it is; the same command continues it.")
        return INTERRUPTED


def _ended(error: EngineError, around: Surroundings, *, as_json: bool) -> int:
    """What went wrong, in words; findings go to standard output like those of a check that ran."""
    if isinstance(error, InvalidConfig):
        if as_json:
            around.output.json(findings_as_json(error.findings, ok=False))
        else:
            for finding in error.findings:
                show_finding(around.output, finding)
        return FINDINGS
    around.output.error(str(error))
    if isinstance(error, (NoConfigDirectory, UnfitArguments)):
        return USAGE
    return UNREACHABLE if isinstance(error, (AwsUnreachable, AwsThrottled)) else FINDINGS
