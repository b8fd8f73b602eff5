"""Works out what a change set would do, a while after it was asked for."""

from typing import TYPE_CHECKING

from deploy_engine.local_aws.cloudformation import comparing
from deploy_engine.local_aws.cloudformation.state import ChangeSet, Stack
from deploy_engine.local_aws.cloudformation.template import parse
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."


def work_out(region: "Region", stack: Stack, change_set: ChangeSet) -> None:
    """Fill in the changes, or the reason why there are none."""
    change_set.until = None
    try:
        found, anything = comparing.changes(region, stack, parse(change_set.template), change_set.parameters)
    except AwsError as error:
        change_set.status, change_set.reason = "FAILED", error.message
        return
    if change_set.kind == "UPDATE" and not anything:
        change_set.status, change_set.reason = "FAILED", NO_CHANGES
        return
    change_set.changes = found
    change_set.status, change_set.execution_status = "CREATE_COMPLETE", "AVAILABLE"
