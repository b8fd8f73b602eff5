"""What most tests do to a local AWS: deploy a template by change set, start and stop a task, read its tables."""

import uuid
from typing import Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.testing import LocalAws

CAPABILITIES = ["CAPABILITY_NAMED_IAM"]


def create_change_set(aws: LocalAws, stack: str, template: str, name: str | None = None) -> dict[str, Any]:
    """Create a change set for a stack, new or not, by way of the templates bucket; return its description."""
    cloudformation = aws.client("cloudformation")
    name = name or f"change-{uuid.uuid4()}"
    aws.client("s3").put_object(Bucket="company-templates", Key=f"{stack}.json", Body=template.encode())
    cloudformation.create_change_set(
        StackName=stack,
        ChangeSetName=name,
        ChangeSetType="UPDATE" if stack_status(aws, stack) not in (None, "REVIEW_IN_PROGRESS") else "CREATE",
        TemplateURL=f"{aws.endpoint_url}/company-templates/{stack}.json",
        Capabilities=CAPABILITIES,
    )
    aws.advance(2)
    described: dict[str, Any] = cloudformation.describe_change_set(StackName=stack, ChangeSetName=name)
    return described


def deploy(aws: LocalAws, stack: str, template: str, seconds: float = 60) -> str | None:
    """Create and execute a change set and let time pass; return the stack's status."""
    described = create_change_set(aws, stack, template)
    assert described["Status"] == "CREATE_COMPLETE", described
    aws.client("cloudformation").execute_change_set(StackName=stack, ChangeSetName=described["ChangeSetName"])
    aws.advance(seconds)
    return stack_status(aws, stack)


def stack_status(aws: LocalAws, stack: str) -> str | None:
    """Return a stack's status, or None when there is no such stack."""
    try:
        return str(aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])
    except ClientError as error:
        assert error.response["Error"]["Code"] == "ValidationError"
        return None


def task(aws: LocalAws, identifier: str = "food-foodsearch") -> dict[str, Any]:
    """Return a task's description."""
    filters = [{"Name": "replication-task-id", "Values": [identifier]}]
    found: dict[str, Any] = aws.client("dms").describe_replication_tasks(Filters=filters)["ReplicationTasks"][0]
    return found


def start(aws: LocalAws, kind: str = "start-replication", seconds: float = 10) -> str:
    """Start the task and let time pass; return its status."""
    aws.client("dms").start_replication_task(
        ReplicationTaskArn=task(aws)["ReplicationTaskArn"], StartReplicationTaskType=kind
    )
    aws.advance(seconds)
    return str(task(aws)["Status"])


def stop(aws: LocalAws, seconds: float = 10) -> str:
    """Stop the task and let time pass; return its status."""
    aws.client("dms").stop_replication_task(ReplicationTaskArn=task(aws)["ReplicationTaskArn"])
    aws.advance(seconds)
    return str(task(aws)["Status"])


def tables(aws: LocalAws) -> dict[str, dict[str, Any]]:
    """Return the statistics of the task's tables by table name."""
    arn = task(aws)["ReplicationTaskArn"]
    statistics = aws.client("dms").describe_table_statistics(ReplicationTaskArn=arn)["TableStatistics"]
    return {item["TableName"]: item for item in statistics}


def keys(aws: LocalAws, prefix: str = "") -> list[str]:
    """Return the lake's keys under a prefix."""
    pages = aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket="company-lake", Prefix=prefix)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def error_code(error: ClientError) -> str:
    """Return the code of a refusal."""
    return str(error.response["Error"]["Code"])
