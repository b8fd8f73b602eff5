"""``plan``: what deploying one scope would do; asks AWS, changes nothing."""

from __future__ import annotations

import argparse

from deploy_engine.adapters.verdict import Verdict
from deploy_engine.cli.command import Command
from deploy_engine.cli.judging import exit_code, judges
from deploy_engine.cli.output import Output
from deploy_engine.cli.scopes import add_directory, add_give_up, add_scope, load_company, subject_of, with_given_up
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.cli.validate import findings_as_json
from deploy_engine.cli.wording import show_finding, show_plan, show_results


def show_verdict(output: Output, verdict: Verdict) -> None:
    """The plan, or why there is none; of the checks only those that have something to say."""
    if verdict.plan is not None:
        show_plan(output, verdict.plan)
    show_results(output, (result for result in verdict.results if result.findings))
    for finding in verdict.refusals:
        show_finding(output, finding)


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_directory(parser)
    add_scope(parser)
    add_give_up(parser)
    parser.add_argument("--json", action="store_true", help="for scripts")


def _run(arguments: argparse.Namespace, around: Surroundings) -> int:
    subject = subject_of(load_company(arguments.directory), arguments.env, arguments.team)
    (subject,) = with_given_up((subject,), arguments.give_up)
    with judges() as bench:
        verdict = bench.judge(subject, around.now())
    if not arguments.json:
        show_verdict(around.output, verdict)
    elif verdict.plan is not None:
        around.output.json(verdict.plan.as_json())
    else:
        around.output.json(findings_as_json((*verdict.findings, *verdict.refusals), ok=False))
    return exit_code(verdict)


PLAN = Command("plan", "Show what deploying would do; asks AWS, changes nothing.", _arguments, _run)
