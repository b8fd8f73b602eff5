"""One look at AWS for one scope: everything that checks and plans rest on, each part a value or :class:`Unknown`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deploy_engine.live.instance import InstanceRoom
from deploy_engine.live.source_catalogue import SourceCatalogue
from deploy_engine.live.stack import StackView
from deploy_engine.live.table_statistics import TableStatistics
from deploy_engine.live.task import TaskView
from deploy_engine.live.unknown import Unknown


@dataclass(frozen=True)
class LintProblem:
    """What cfn-lint says of the rendered template."""

    rule: str
    level: str
    message: str
    pointer: str = ""

    @property
    def is_error(self) -> bool:
        return self.level == "error"


@dataclass(frozen=True)
class Observation:
    """What was learnt at ``at``.

    ``stack`` and ``base`` are None where the stack does not exist. ``tasks`` holds the live DMS tasks of the scope by
    DMS name, with their settings; ``statistics`` the tables of those that the change touches, by DMS name; ``occupied``
    tells for each S3 prefix (``data/<folder>/``) that would start loading whether anything lies there. ``rooms`` is
    what CloudWatch measures on the team's instances, by DMS name; empty where nothing would load. ``sources`` is what
    the sources of the tables that would load tell of these, by source id, or why one could not be asked. For the base
    scope ``tasks`` are those of all teams, where the change touches what they stand on, and ``imports`` tells for each
    export that would go which stacks import it. ``lint`` and
    ``validated`` are cfn-lint's and CloudFormation's verdict on the rendered template (``validated``: its complaint,
    None for none or where the template is too large to be sent).
    """

    at: datetime
    stack: StackView | Unknown | None
    base: StackView | Unknown | None
    tasks: Mapping[str, TaskView] | Unknown = field(default_factory=dict)
    statistics: Mapping[str, tuple[TableStatistics, ...]] | Unknown = field(default_factory=dict)
    occupied: Mapping[str, bool] | Unknown = field(default_factory=dict)
    lint: tuple[LintProblem, ...] | Unknown = ()
    validated: str | Unknown | None = None
    rooms: Mapping[str, InstanceRoom] | Unknown = field(default_factory=dict)
    sources: Mapping[str, SourceCatalogue | Unknown] = field(default_factory=dict)
    imports: Mapping[str, tuple[str, ...]] | Unknown = field(default_factory=dict)

    @staticmethod
    def offline(at: datetime, lint: tuple[LintProblem, ...] | Unknown = ()) -> Observation:
        """What is known without asking AWS: only what cfn-lint says."""
        nothing = Unknown("AWS was not asked (offline)")
        return Observation(at, nothing, nothing, nothing, nothing, nothing, lint, None)
