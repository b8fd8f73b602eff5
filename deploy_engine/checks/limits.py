"""How full the limits of CloudFormation and DMS are: exact, since what is measured is what would be sent.

Limits: dms-facts.md sections 1 and 5. The template's is in bytes as cfn-lint counts a megabyte; 2 MB of mappings and
500 resources are the others that a team can reach.
"""

from __future__ import annotations

from dataclasses import dataclass

from deploy_engine.config import Subject
from deploy_engine.diffing.stacks import TASK
from deploy_engine.rendering import RenderedTemplate, render

INLINE_BYTES = 51_200
"""The largest template that CloudFormation takes in a request; a larger one goes by way of the templates bucket."""

TEMPLATE_BYTES = 1_000_000
MAPPINGS_BYTES = 2_000_000
RESOURCES = 500
NEARLY_FULL = 0.8

_SPLIT_TEAM = "remove what is not needed any more; then ask the platform team to split the team in two"
_SPLIT_TASK = "split the task: list some of its tables in a new one, under new versions"


@dataclass(frozen=True)
class LimitMeter:
    """One measure against its limit. ``task`` is the DMS task that it is about, "" for the whole stack."""

    label: str
    value: int
    limit: int
    unit: str
    remedy: str
    task: str = ""
    note: str = ""

    @property
    def over(self) -> bool:
        return self.value > self.limit

    @property
    def nearly_full(self) -> bool:
        return self.value >= self.limit * NEARLY_FULL


def meters_of(rendered: RenderedTemplate) -> tuple[LimitMeter, ...]:
    """The template's size, its resources, and the mappings of each task."""
    resources = rendered.template["Resources"]
    by_way_of_s3 = rendered.size > INLINE_BYTES
    note = f"more than {INLINE_BYTES:,} bytes go to CloudFormation by way of the templates bucket"
    tasks = [resource["Properties"] for resource in resources.values() if resource["Type"] == TASK]
    return (
        LimitMeter("Template", rendered.size, TEMPLATE_BYTES, "bytes", _SPLIT_TEAM, note=note if by_way_of_s3 else ""),
        LimitMeter("Resources", len(resources), RESOURCES, "resources", _SPLIT_TEAM),
        *(
            LimitMeter(
                f"Table mappings of {task['ReplicationTaskIdentifier']}",
                len(task["TableMappings"].encode()),
                MAPPINGS_BYTES,
                "bytes",
                _SPLIT_TASK,
                task["ReplicationTaskIdentifier"],
            )
            for task in tasks
        ),
    )


def limits_of(subject: Subject) -> tuple[LimitMeter, ...]:
    """The meters of a scope, for pages; the config's references must hold (check ``config.references``)."""
    return meters_of(render(subject))
