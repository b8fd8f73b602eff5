"""A judge that looks at a pretended AWS: what is accepted is deployed, every task runs, every table is loaded.

The checks and the planner are the real ones, so that pages are tested on plans as the engine makes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from deploy_engine.adapters.verdict import Verdict, verdict_on
from deploy_engine.checks import Case
from deploy_engine.config import Subject
from deploy_engine.config.physical_names import base_stack_name, dms_name, team_stack_name
from deploy_engine.diffing import MappedTable, compare_stacks
from deploy_engine.live import (
    Observation,
    SourceCatalogue,
    SourceTable,
    StackView,
    TableKey,
    TableStatistics,
    TaskView,
    Unknown,
)
from deploy_engine.rendering import render, render_base_stack, render_team_stack, task_mappings, task_settings
from replication.models import Environment, Revision, Team
from replication.selectors.scopes import latest_revision, subject_of_revision

FIT_SETTINGS = {
    "wal_level": "logical",
    "max_replication_slots": "50",
    "log_bin": "ON",
    "binlog_format": "ROW",
    "binlog_row_image": "FULL",
    "binlog_checksum": "NONE",
}


@dataclass(frozen=True)
class PretendAws:
    """`occupied`: every S3 path that is asked for holds something already. `away`: why AWS gives no answer at all."""

    occupied: bool = False
    away: str = ""

    def __call__(self, subject: Subject) -> Verdict:
        """The verdict on `subject`."""
        if self.away:
            return _silence(subject, self.away)
        accepted = _accepted(subject)
        rendered = render(subject)
        deployed = render_team_stack(accepted).template if accepted is not None else None
        difference = compare_stacks(deployed, rendered.template)
        added = [table for task in difference.tasks.values() for table in task.after if table not in task.before]
        now = timezone.now()
        observation = Observation(
            at=now,
            stack=StackView(_stack(subject), "UPDATE_COMPLETE", template=deployed) if deployed is not None else None,
            base=_base(subject),
            tasks=_tasks(accepted) if accepted is not None else {},
            statistics=_statistics(accepted) if accepted is not None else {},
            occupied={table.prefix: self.occupied for table in added},
            sources={table.source: _catalogue(subject, table.source, added) for table in added},
        )
        return verdict_on(Case(subject, rendered, difference, observation, now))


def _catalogue(subject: Subject, source: str, tables: Sequence[MappedTable]) -> SourceCatalogue:
    """A source that has what is wanted of it, and whose settings are right."""
    engine = subject.team.document.team.sources[source].engine.value
    found = tuple(SourceTable(t.schema, t.table, TableKey.PRIMARY) for t in tables if t.source == source)
    return SourceCatalogue(engine, found, FIT_SETTINGS)


def _silence(subject: Subject, why: str) -> Verdict:
    nothing, now = Unknown(why), timezone.now()
    observation = Observation(now, nothing, nothing, nothing, nothing, nothing, (), nothing)
    return verdict_on(Case(subject, render(subject), None, observation, now))


def _accepted(subject: Subject) -> Subject | None:
    environment = Environment.objects.get(name=subject.environment_name)
    team = Team.objects.get(slug=subject.team_slug)
    revision: Revision | None = latest_revision(environment, team)
    return subject_of_revision(revision) if revision is not None else None


def _stack(subject: Subject) -> str:
    return team_stack_name(subject.environment_name, subject.team.slug)


def _base(subject: Subject) -> StackView:
    base = Subject(subject.company, subject.environment_name, None)
    template: Mapping[str, Any] = render_base_stack(base).template
    names = [output["Export"]["Name"] for output in template["Outputs"].values()]
    exports = {name: f"arn:aws:pretend:::{name}" for name in names}
    name = base_stack_name(subject.environment_name)
    return StackView(name, "UPDATE_COMPLETE", template=template, exports=exports)


def _tasks(accepted: Subject) -> dict[str, TaskView]:
    slug, tasks = accepted.team.slug, accepted.team.document.tasks
    return {
        dms_name(slug, name): TaskView(
            name=dms_name(slug, name),
            arn=f"arn:aws:dms:::task:{name}",
            status="stopped" if task.paused else "running",
            ever_ran=True,
            full_load_percent=100,
            table_mappings=task_mappings(task),
            settings=task_settings(task),
        )
        for name, task in tasks.items()
        if task.active_tables
    }


def _statistics(accepted: Subject) -> dict[str, tuple[TableStatistics, ...]]:
    slug, tasks = accepted.team.slug, accepted.team.document.tasks
    return {
        dms_name(slug, name): tuple(
            TableStatistics(entry.reference.schema, entry.reference.table, "Table completed", full_load_rows=1000)
            for entry in task.active_tables
        )
        for name, task in tasks.items()
    }
