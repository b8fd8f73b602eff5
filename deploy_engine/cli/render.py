"""``render``: the CloudFormation template of one scope, to standard output."""

from __future__ import annotations

import argparse
from datetime import datetime

from deploy_engine.adapters.verdict import judge
from deploy_engine.checks import render_if_sound
from deploy_engine.cli.command import Command
from deploy_engine.cli.exit_codes import OK
from deploy_engine.cli.scopes import add_directory, add_scope, load_company, subject_of
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.config import Subject
from deploy_engine.errors import InvalidConfig
from deploy_engine.findings import Status
from deploy_engine.rendering import RenderedTemplate


def rendered_or_refused(subject: Subject, now: datetime) -> RenderedTemplate:
    """The template; raises :class:`InvalidConfig` with what stands in its way."""
    rendered = render_if_sound(subject, now=now)
    if rendered is None:
        verdict = judge(subject, None, now=now, offline=True)
        raise InvalidConfig([finding for finding in verdict.findings if finding.status is Status.FAILED])
    return rendered


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_directory(parser)
    add_scope(parser)


def _run(arguments: argparse.Namespace, around: Surroundings) -> int:
    subject = subject_of(load_company(arguments.directory), arguments.env, arguments.team)
    around.output.text(rendered_or_refused(subject, around.now()).text)
    return OK


RENDER = Command("render", "Print the CloudFormation template of a team's stack or of the base.", _arguments, _run)
