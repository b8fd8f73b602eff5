"""``validate``: every check over every scope, or those that the arguments name."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from deploy_engine.adapters.config_directory import read_directory
from deploy_engine.checks.fleet import SURE_OF, sure_scopes
from deploy_engine.cli.command import Command
from deploy_engine.cli.exit_codes import FINDINGS, OK
from deploy_engine.cli.judging import as_written, exit_code, judges
from deploy_engine.cli.output import Output, Style
from deploy_engine.cli.scopes import add_directory, company_of, scope_words, subjects_of
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.cli.wording import show_finding, show_results
from deploy_engine.config import parse_company
from deploy_engine.findings import Finding

PUBLISHED = ("check", "status", "file", "pointer", "message", "remedy")
"""The keys of a finding in ``--json``, a stable contract."""


def findings_as_json(findings: Iterable[Finding], *, ok: bool) -> dict[str, Any]:
    """The published form; a finding that two scopes have in common stands once."""
    listed = [finding.as_json() for finding in dict.fromkeys(findings)]
    return {"ok": ok, "findings": [{key: finding[key] for key in PUBLISHED} for finding in listed]}


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_directory(parser)
    parser.add_argument("--env", metavar="E", help="only this environment")
    parser.add_argument("--team", metavar="T", help="only this team")
    parser.add_argument("--offline", action="store_true", help="ask AWS nothing; leaves out what only AWS can tell")
    parser.add_argument("--json", action="store_true", help="for scripts")


def _summary(output: Output, codes: list[int]) -> None:
    wrong = sum(code != OK for code in codes)
    if wrong:
        output.line(f"{wrong} of {len(codes)} scopes do not pass.", Style.BAD)
    else:
        output.line(f"All {len(codes)} scopes pass.", Style.GOOD)


def _run(arguments: argparse.Namespace, around: Surroundings) -> int:
    output, findings, codes = around.output, list[Finding](), list[int]()
    files = read_directory(arguments.directory)
    parsed = parse_company(files)
    subjects = subjects_of(company_of(parsed), arguments.env, arguments.team)
    sure = sure_scopes(files)
    with judges(offline=arguments.offline) as bench:
        for subject in subjects:
            known = SURE_OF if (subject.environment_name, subject.team_slug) in sure else frozenset()
            verdict = as_written(bench.judge(subject, around.now(), known), parsed)
            said = dict.fromkeys((*verdict.findings, *verdict.refusals))
            codes.append(exit_code(verdict))
            findings.extend(said)
            if not arguments.json:
                output.line(scope_words(subject), Style.STRONG)
                show_results(output, verdict.results)
                for finding in verdict.refusals:
                    show_finding(output, finding)
    if arguments.json:
        output.json(findings_as_json(findings, ok=not any(codes)))
    else:
        _summary(output, codes)
    return FINDINGS if FINDINGS in codes else max(codes, default=OK)


VALIDATE = Command("validate", "Run every check; exit 0 fit, 1 findings, 3 AWS unreachable.", _arguments, _run)
