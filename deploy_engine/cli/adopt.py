"""``adopt``: what replicates without Sluice, as a draft of its config; AWS is only read."""

from __future__ import annotations

import argparse
import json
from typing import Any

from deploy_engine.adapters.config_directory import read_directory, write_directory
from deploy_engine.adapters.connection import connect
from deploy_engine.adopting import Answers, Draft, draft_of
from deploy_engine.cli.command import Command
from deploy_engine.cli.exit_codes import FINDINGS, OK
from deploy_engine.cli.output import Output, Style
from deploy_engine.cli.scopes import add_directory, company_of, subject_of
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.cli.validate import findings_as_json
from deploy_engine.cli.wording import show_finding
from deploy_engine.config import parse_company, write_company
from deploy_engine.findings import Finding


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_directory(parser)
    parser.add_argument("--env", metavar="E", required=True, help="the environment, whose environment.json is there")
    parser.add_argument("--contact", metavar="EMAIL", required=True, help="contact and alert channel of the teams")
    parser.add_argument("--team", metavar="T", default="adopted", help="the team of what Sluice did not make")
    parser.add_argument("--json", action="store_true", help="for scripts")


def _run(arguments: argparse.Namespace, around: Surroundings) -> int:
    there = read_directory(arguments.directory)
    environment = subject_of(company_of(parse_company(there)), arguments.env, None).environment
    with connect(environment.file, role="planner") as planner:
        estate = planner.estate()
    lake, teams = environment.file.lake_bucket, frozenset(environment.teams)
    answers = Answers(arguments.env, lake, arguments.team, arguments.contact, around.now(), teams)
    draft = draft_of(estate, answers)
    files = {path: json.dumps(value) for path, value in draft.files.items()}
    parsed = parse_company({**there, **files})
    written: tuple[str, ...] = ()
    if parsed.company is not None:
        canonical = write_company(parsed.company)
        written = write_directory(arguments.directory, {path: canonical[path] for path in files})
    if arguments.json:
        around.output.json(_as_json(draft, written, parsed.findings))
    else:
        _show(around.output, draft, written, parsed.findings)
    return FINDINGS if draft.gaps or parsed.findings else OK


def _as_json(draft: Draft, written: tuple[str, ...], findings: tuple[Finding, ...]) -> dict[str, Any]:
    return {
        **findings_as_json(findings, ok=not findings and not draft.gaps),
        "written": list(written),
        "gaps": [gap.as_json() for gap in draft.gaps],
        "beginnings": [beginning.as_json() for beginning in draft.beginnings],
        "known": draft.known,
        "same_name": draft.same_name,
    }


def _show(output: Output, draft: Draft, written: tuple[str, ...], findings: tuple[Finding, ...]) -> None:
    for path in written:
        output.line(f"Wrote {path}", Style.QUIET)
    for finding in findings:
        show_finding(output, finding)
    if findings:
        output.line("Nothing was written: the draft would not fit the language.", Style.BAD)
    if draft.known:
        output.line(f"Of teams that the config has already: {', '.join(draft.known)}", Style.QUIET)
    _show_gaps(output, draft)
    _show_beginnings(output, draft)


def _show_gaps(output: Output, draft: Draft) -> None:
    if draft.gaps:
        output.line(f"What the draft cannot say ({len(draft.gaps)}):", Style.STRONG)
    for gap in draft.gaps:
        output.line(f"  {gap}", Style.WARN)


def _show_beginnings(output: Output, draft: Draft) -> None:
    reloads = [beginning for beginning in draft.beginnings if beginning.reloads]
    output.line(
        f"Beginning with Sluice would load {len(reloads)} of {len(draft.beginnings)} tables anew:", Style.STRONG
    )
    for beginning in draft.beginnings:
        where = f"{beginning.before} → {beginning.after}" if beginning.reloads else f"stays in {beginning.after}"
        output.line(f"  {beginning.table} ({beginning.task}): {where}")
    for name in draft.same_name:
        output.line(
            f"{name} has the name that Sluice gives its own task: unless a stack of Sluice's made it, "
            "it has to be deleted before the first deployment, and what it wrote stays.",
            Style.WARN,
        )
    if reloads:
        output.line("What lies in the old folders stays there; stop the old tasks once readers have moved.")


ADOPT = Command("adopt", "Draft a config from what DMS already does; only reads AWS.", _arguments, _run)
