"""One look at AWS for one scope, in as few calls as the change needs.

What fails becomes :class:`Unknown` with its reason, never an exception: a check over an unknown blocks, and says so.
Once AWS did not answer at all, nothing more is asked of it: every further question would only wait as long again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from deploy_engine.checks.case import Case
from deploy_engine.checks.limits import INLINE_BYTES
from deploy_engine.config import Subject
from deploy_engine.config.physical_names import base_stack_name, dms_name, logical_id, team_stack_name
from deploy_engine.diffing import StackDifference, TaskConsequence, compare_stacks, ground_of_all
from deploy_engine.errors import AwsUnreachable, EngineError
from deploy_engine.live import (
    AwsReader,
    InstanceRoom,
    LintProblem,
    Observation,
    SourceAsked,
    SourceCatalogue,
    SourceReader,
    StackView,
    TableStatistics,
    TaskView,
    Unknown,
)
from deploy_engine.planning.beside import standing_beside
from deploy_engine.rendering import RenderedTemplate

Linter = Callable[[str, str], tuple[LintProblem, ...]]
"""Template text and region to what a linter says of it."""

_Answer = TypeVar("_Answer")
_ENDPOINT_ARN = ":endpoint:"


def stack_of(subject: Subject) -> str:
    """The name of the subject's CloudFormation stack."""
    if subject.is_base:
        return base_stack_name(subject.environment_name)
    return team_stack_name(subject.environment_name, subject.team.slug)


def observe(
    reader: AwsReader,
    sources: SourceReader,
    linter: Linter,
    subject: Subject,
    rendered: RenderedTemplate,
    *,
    now: datetime,
) -> tuple[Observation, StackDifference | None]:
    """What AWS says about ``subject``, and how the rendered template differs from the deployed one.

    The calls for a team: its stack and template, the base stack, its tasks with their settings (one call per hundred,
    as without), the statistics of those that would pause, resume or reload, each prefix that would start loading, the
    instances' metrics if anything would (one call), and the template's validation where it is small enough to be sent.
    Each source of a table that would load is looked into for those tables, where the environment allows it.
    For the base: its stack and template; where the change stops the tasks of all teams these and their statistics; and
    who imports each export that would go.
    """
    lint = linter(rendered.text, subject.environment.file.region)
    return _Look(reader, sources, subject, rendered, now=now, lint=lint).taken()


class _Look:
    """Asks part by part, each where the parts before it say that it matters."""

    def __init__(
        self,
        reader: AwsReader,
        sources: SourceReader,
        subject: Subject,
        rendered: RenderedTemplate,
        *,
        now: datetime,
        lint: tuple[LintProblem, ...],
    ) -> None:
        self._reader = reader
        self._sources = sources
        self._subject = subject
        self._rendered = rendered
        self._now = now
        self._lint = lint
        self._silent: Unknown | None = None

    def taken(self) -> tuple[Observation, StackDifference | None]:
        subject = self._subject
        name, base_name = stack_of(subject), base_stack_name(subject.environment_name)
        stack = self._ask(partial(self._reader.stack, name, with_template=True))
        compared = _compared(name, stack, self._rendered)
        base = stack if subject.is_base else self._ask(partial(self._reader.stack, base_name, with_template=False))
        if isinstance(compared, Unknown):
            nothing = compared
            return Observation(self._now, nothing, base, nothing, nothing, nothing, self._lint, nothing), None
        tasks = self._tasks_of_all(stack, compared) if subject.is_base else self._tasks(compared)
        first = Observation(self._now, stack, base, tasks)
        statistics = self._statistics(tasks, self._consequences(first, compared))
        second = replace(first, statistics=statistics)
        consequences = self._consequences(second, compared)
        occupied = statistics if isinstance(statistics, Unknown) else self._occupied(consequences)
        looked = replace(
            second,
            occupied=occupied,
            rooms=self._rooms(consequences, compared),
            sources=self._source_catalogues(consequences),
            lint=self._lint,
            validated=self._validated(),
            imports=self._imports(compared),
        )
        return looked, compared

    def _ask(self, question: Callable[[], _Answer]) -> _Answer | Unknown:
        if self._silent is not None:
            return self._silent
        try:
            return question()
        except AwsUnreachable as error:
            self._silent = Unknown(str(error))
            return self._silent
        except EngineError as error:
            return Unknown(str(error))

    def _consequences(
        self, observation: Observation, difference: StackDifference
    ) -> tuple[TaskConsequence, ...] | Unknown:
        return Case(self._subject, self._rendered, difference, observation, self._now).consequences

    def _tasks(self, difference: StackDifference) -> dict[str, TaskView] | Unknown:
        """The live tasks that the stack has; DMS refuses to be asked for ones that it does not know."""
        deployed = [name for name, task in difference.tasks.items() if task.existed]
        return self._ask(partial(self._reader.tasks, deployed, with_settings=True)) if deployed else {}

    def _tasks_of_all(
        self, stack: StackView | Unknown | None, difference: StackDifference
    ) -> dict[str, TaskView] | Unknown:
        """Every task that writes through the lake endpoints, whoever owns it, where they would have to stand still."""
        if not isinstance(stack, StackView) or not ground_of_all(difference):
            return {}
        endpoints = [value for value in stack.outputs.values() if _ENDPOINT_ARN in value]
        return self._ask(partial(self._reader.tasks_at, endpoints))

    def _imports(self, difference: StackDifference) -> dict[str, tuple[str, ...]] | Unknown:
        """Which stacks import the exports that would go."""
        imports: dict[str, tuple[str, ...]] = {}
        for export in difference.exports_gone:
            answer = self._ask(partial(self._reader.imports, export))
            if isinstance(answer, Unknown):
                return answer
            imports[export] = answer
        return imports

    def _statistics(
        self, tasks: Mapping[str, TaskView] | Unknown, consequences: tuple[TaskConsequence, ...] | Unknown
    ) -> dict[str, tuple[TableStatistics, ...]] | Unknown:
        """The tables of the tasks that would pause, resume or reload: does one load, what is left, how long took it?

        For a base change DMS's own counts of a task are enough to leave it at that: before each stop the deployment
        looks at its tables, and there may be hundreds of tasks.
        """
        if isinstance(tasks, Unknown):
            return tasks
        if isinstance(consequences, Unknown):
            return consequences
        statistics: dict[str, tuple[TableStatistics, ...]] = {}
        beside = standing_beside(consequences)
        for task in consequences:
            if self._subject.is_base and task.pauses and tasks[task.name].loads_nothing:
                statistics[task.name] = ()
            elif task.name in tasks and (task.pauses or task.resumes or task.reloads or task.name in beside):
                answer = self._ask(partial(self._reader.table_statistics, tasks[task.name].arn))
                if isinstance(answer, Unknown):
                    return answer
                statistics[task.name] = answer
        return statistics

    def _occupied(self, consequences: tuple[TaskConsequence, ...] | Unknown) -> dict[str, bool] | Unknown:
        """For each prefix that would start loading, whether anything lies there."""
        if isinstance(consequences, Unknown):
            return consequences
        bucket = self._subject.environment.file.lake_bucket
        occupied: dict[str, bool] = {}
        for prefix in sorted({table.prefix for task in consequences for table in task.loads}):
            answer = self._ask(partial(self._reader.prefix_occupied, bucket, prefix))
            if isinstance(answer, Unknown):
                return answer
            occupied[prefix] = answer
        return occupied

    def _rooms(
        self, consequences: tuple[TaskConsequence, ...] | Unknown, difference: StackDifference
    ) -> dict[str, InstanceRoom] | Unknown:
        """What CloudWatch says of the team's instances that stand; nothing is asked where nothing would load."""
        if isinstance(consequences, Unknown):
            return consequences
        team = None if self._subject.is_base else self._subject.team
        if team is None or not any(task.loads for task in consequences):
            return {}
        standing = [
            dms_name(team.slug, name)
            for name in team.document.team.instances
            if logical_id("Instance", name) not in difference.added
        ]
        return self._ask(partial(self._reader.instance_rooms, standing, self._now)) if standing else {}

    def _source_catalogues(
        self, consequences: tuple[TaskConsequence, ...] | Unknown
    ) -> dict[str, SourceCatalogue | Unknown]:
        """What each source tells of its tables that would load; nothing is asked where none would."""
        if isinstance(consequences, Unknown) or self._subject.is_base:
            return {}
        wanted: dict[str, set[tuple[str, str]]] = {}
        for task in consequences:
            for table in task.loads:
                wanted.setdefault(table.source, set()).add(table.key)
        found: dict[str, SourceCatalogue | Unknown] = {}
        for name, tables in sorted(wanted.items()):
            source = self._subject.team.document.team.sources[name]  # a table of none cannot be rendered
            asked = SourceAsked(name, source.engine.value, source.database, source.catalogue_secret)
            found[name] = self._ask(partial(self._sources.catalogue, asked, tables))
        return found

    def _validated(self) -> str | Unknown | None:
        if self._rendered.size > INLINE_BYTES:
            return None
        return self._ask(partial(self._reader.validate_template, self._rendered.text))


def _compared(name: str, stack: StackView | Unknown | None, rendered: RenderedTemplate) -> StackDifference | Unknown:
    if isinstance(stack, Unknown):
        return stack
    try:
        return compare_stacks(stack.template if stack else None, rendered.template)
    except (KeyError, TypeError, ValueError):
        return Unknown(f"the template deployed as {name} is not one of Sluice's, so it cannot be compared")
