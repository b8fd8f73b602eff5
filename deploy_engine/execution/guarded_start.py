"""Starting a task that a deployment left stopped and nobody answers for any more: RESUME's guard, without a plan.

What is deployed is the only config that is known then, so the task's live tables must be those of the deployed
template; everything else is as in `decisions/resume.py`. Both order the same values: an S3 object overwritten is lost
for ever, a task that stands still loses nothing until its source's log does.
"""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.execution.facts import TAG_FENCE, TAG_RESUME_BY, TAG_RUN, tables_in, tables_of
from deploy_engine.execution.ports import AwsHands
from deploy_engine.live import TaskView


def guarded_start(hands: AwsHands, *, stack: str, lake_bucket: str, task: TaskView, fence: str = "") -> str:
    """Start ``task`` and clear the notes of whoever stopped it; gives "", or why it has to stay stopped.

    Raises what ``AwsHands`` raises. Whoever calls it has written down that it is going to. ``fence`` is what sessions
    and tasks bear where AWS itself refuses a start without it, and "" elsewhere.
    """
    for obstacle in _obstacles(hands, stack, lake_bucket, task):
        return obstacle
    if fence:
        hands.fence(fence)
        hands.tag_task(task.arn, {TAG_FENCE: fence})
    hands.start_task(task.arn, first=not task.ever_ran)
    hands.untag_task(task.arn, (TAG_RUN, TAG_RESUME_BY))
    return ""


def _obstacles(hands: AwsHands, stack: str, lake_bucket: str, task: TaskView) -> Iterator[str]:
    """Lazily: each question costs a call, and the first obstacle is enough."""
    deployed = hands.stack(stack, with_template=True)
    if deployed is None or deployed.in_progress:
        yield f"{stack} does not exist" if deployed is None else f"CloudFormation is at work on {stack}"
        return
    mapping = tables_of(hands.table_mappings(task.name))
    if mapping is None or mapping != tables_in(deployed.template, task.name):
        yield "its tables are not those of the deployed config"
        return
    settled = {(row.schema, row.table) for row in hands.table_statistics(task.arn) if not row.loading}
    for table in mapping:
        if table.key not in settled and hands.prefix_occupied(lake_bucket, table.prefix):
            yield f"data lies already under {table.prefix}, and starting it would overwrite that"
    if not hands.endpoint_tested(task.arn):
        yield "a connection test of its endpoints is under way"
