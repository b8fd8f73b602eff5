"""``rehearse``: carries a change out in a local AWS of its own that holds a copy of what is deployed."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from deploy_engine.adapters.rehearsal.rehearse import Rehearsal, rehearse
from deploy_engine.cli.command import Command
from deploy_engine.cli.exit_codes import FINDINGS, OK, UNREACHABLE
from deploy_engine.cli.output import Output, Style
from deploy_engine.cli.scopes import UnfitArguments, add_scope, load_company, scope_words, subject_of
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.execution.rehearsal import RehearsalOutcome, RehearsalResult
from deploy_engine.execution.rehearsed_faults import FaultKind, RehearsedFault

SPEED = 10.0
"""Simulated seconds in a real one: fast enough not to be waited for, slow enough that the calls between a stop and a
start, which take real time, do not count for much.
"""

_CODES = {
    RehearsalOutcome.PASSED: OK,
    RehearsalOutcome.FAILED: FINDINGS,
    RehearsalOutcome.COULD_NOT_RUN: UNREACHABLE,
}
_TERMINATED = 143


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="BEFORE_DIR", type=Path, help="the config as it is deployed")
    parser.add_argument("after", metavar="AFTER_DIR", type=Path, help="the config as it shall be")
    add_scope(parser)
    parser.add_argument("--json", action="store_true", help="for scripts")
    parser.add_argument("--plan", metavar="FILE", type=Path, help="the plan that it should be, from `plan --json`")
    parser.add_argument(
        "--fault", metavar="KIND@STEP", type=_fault, help=f"what is to go wrong: {', '.join(FaultKind)}; @2: in step 2"
    )
    parser.add_argument("--speed", type=_speed, default=SPEED, help="simulated seconds in a real one (%(default)g)")


def _fault(text: str) -> RehearsedFault:
    try:
        return RehearsedFault.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _speed(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be above zero")
    return value


def _reviewed_plan(file: Path | None) -> dict[str, Any] | None:
    if file is None:
        return None
    try:
        plan: dict[str, Any] = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnfitArguments(f"{file} is no plan: {error}") from error
    return plan


def _end(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM unwinds like any other end, so that the local AWS is not left behind."""
    sys.exit(_TERMINATED)


def _run(arguments: argparse.Namespace, around: Surroundings) -> int:
    before, after = load_company(arguments.before), load_company(arguments.after)
    subject_of(before, arguments.env, None)
    subject = subject_of(after, arguments.env, arguments.team)
    wanted = Rehearsal(
        before, after, arguments.env, arguments.team, arguments.speed, _reviewed_plan(arguments.plan), arguments.fault
    )
    earlier = signal.signal(signal.SIGTERM, _end)
    try:
        result = rehearse(wanted, lambda words: around.output.error(f"{words}…", Style.QUIET))
    finally:
        signal.signal(signal.SIGTERM, earlier)
    if arguments.json:
        around.output.json(result.as_json())
    else:
        around.output.line(f"Rehearsal of {scope_words(subject)}, simulated on a local AWS", Style.STRONG)
        show_result(around.output, result)
    return _CODES[result.outcome]


def show_result(output: Output, result: RehearsalResult) -> None:
    """Problems first, then what paused and loaded, then the story."""
    for problem in result.problems:
        output.line(f"  {problem}", Style.BAD)
    for difference in result.plan_differences or ():
        output.line(f"  The plan in the copy is another one: {difference}", Style.WARN)
    if result.outcome is RehearsalOutcome.PASSED and not result.lines:
        output.line("  Nothing to do: the change makes no difference to what is deployed.", Style.GOOD)
    elif result.outcome is RehearsalOutcome.PASSED and result.fault:
        output.line(f"  Although {result.fault}, every task that should run does. It ended {result.ended}", Style.GOOD)
    elif result.outcome is RehearsalOutcome.PASSED:
        output.line(f"  The procedure works; it took {result.seconds:g} simulated seconds.", Style.GOOD)
    for pause in result.pauses:
        output.line(f"  {pause.task} stood still for {pause.seconds:g} s (simulated)")
    for load in result.loads:
        output.line(f"  {load.table} loaded {load.rows:,} invented rows into {load.prefix}")
    for line in result.lines:
        output.line(f"  {line.second:7.1f} s  {line.message}", Style.QUIET)


REHEARSE = Command(
    "rehearse", "Carry a change out in a local AWS that holds a copy of what is deployed.", _arguments, _run
)
