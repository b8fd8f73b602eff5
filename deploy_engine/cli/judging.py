"""Judging scopes one after the other: one connection per environment, closed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime

from deploy_engine.adapters.connection import Connection, connect
from deploy_engine.adapters.verdict import Verdict, judge
from deploy_engine.cli.exit_codes import FINDINGS, OK, UNREACHABLE
from deploy_engine.config import ParsedCompany, Subject


class Judges:
    """Connections in the planner's role, opened where a scope of their environment is first judged."""

    def __init__(self, stack: ExitStack, *, offline: bool) -> None:
        self._stack = stack
        self._offline = offline
        self._connections: dict[str, Connection] = {}

    def judge(self, subject: Subject, now: datetime, sure: frozenset[str] = frozenset()) -> Verdict:
        connection = None if self._offline else self._connection(subject)
        return judge(subject, connection, now=now, offline=self._offline, sure=sure)

    def _connection(self, subject: Subject) -> Connection:
        name = subject.environment_name
        if name not in self._connections:
            opened = connect(subject.environment.file, role="planner")
            self._connections[name] = self._stack.enter_context(opened)
        return self._connections[name]


@contextmanager
def judges(*, offline: bool = False) -> Iterator[Judges]:
    with ExitStack() as stack:
        yield Judges(stack, offline=offline)


def as_written(verdict: Verdict, parsed: ParsedCompany) -> Verdict:
    """The verdict with every finding's pointer leading to the line that somebody wrote."""
    results = (
        replace(result, findings=tuple(parsed.as_written(finding) for finding in result.findings))
        for result in verdict.results
    )
    refusals = (parsed.as_written(finding) for finding in verdict.refusals)
    return replace(verdict, results=tuple(results), refusals=tuple(refusals))


def exit_code(verdict: Verdict) -> int:
    """What is wrong with the config comes before what could not be asked."""
    if any(result.blocks and not result.could_not_run for result in verdict.results):
        return FINDINGS
    if verdict.could_not_run:
        return UNREACHABLE
    return FINDINGS if verdict.blocks else OK
