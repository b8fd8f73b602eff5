"""What a task's tables are doing, and the account's quotas (`dms-facts.md` sections 4 and 9)."""

from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.dms.naming import task_at
from deploy_engine.local_aws.dms.operations.paging import filtered, page
from deploy_engine.local_aws.dms.operations.table import DMS
from deploy_engine.local_aws.dms.task_view import table_view

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

MOST_TABLES = 500


@DMS.operation("DescribeTableStatistics", "ReplicationTaskArn MaxRecords Marker Filters")
def describe_table_statistics(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe a task's tables by schema and name; a task that never ran has none."""
    task = task_at(region, members["ReplicationTaskArn"])
    tables = [task.tables[pair] for pair in sorted(task.tables)]
    tables = filtered(
        tables,
        members,
        {
            "schema-name": lambda table: table.schema,
            "table-name": lambda table: table.table,
            "table-state": lambda table: table.state,
        },
        None,
    )
    found, marker = page(tables, members, MOST_TABLES)
    return {
        "ReplicationTaskArn": task.arn,
        "TableStatistics": [table_view(region, task, table) for table in found],
        "Marker": marker,
    }


@DMS.operation("DescribeAccountAttributes")
def describe_account_attributes(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe the quotas and how much of each is used."""
    state = region.dms
    used = {
        "ReplicationInstances": (len(state.instances), 60),
        "AllocatedStorage": (sum(instance.storage_gb for instance in state.instances.values()), 30_000),
        "ReplicationSubnetGroups": (len(state.subnet_groups), 60),
        "Endpoints": (len(state.endpoints), 1_000),
        "ReplicationTasks": (len(state.tasks), 600),
        "EventSubscriptions": (len(state.subscriptions), 60),
    }
    return {
        "AccountQuotas": [
            {"AccountQuotaName": name, "Used": count, "Max": most} for name, (count, most) in used.items()
        ],
        "UniqueAccountIdentifier": f"localaws{region.world.account}",
    }
