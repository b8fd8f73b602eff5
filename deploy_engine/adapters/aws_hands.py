"""Acting on AWS with the deployer's role: each method is one mutating call, made once and never retried.

``reload-target`` and ``ReloadTables`` are deliberately not here: with S3 they would load over what lies in the lake.
"""

from __future__ import annotations

from collections.abc import Mapping

from botocore.exceptions import ClientError

from deploy_engine.adapters.aws_errors import error_code
from deploy_engine.adapters.aws_reader import NOT_FOUND, Boto3Reader, no_such_stack
from deploy_engine.adapters.aws_views import change_set_view
from deploy_engine.errors import AwsRefused
from deploy_engine.execution.ports import ChangeSetView

TESTING = "testing"


class Boto3Hands(Boto3Reader):
    """Implements ``deploy_engine.execution.ports.AwsHands``."""

    def change_set(self, stack: str, name: str) -> ChangeSetView | None:
        with self._translated("DescribeChangeSet"):
            pages = self._session.cloudformation.get_paginator("describe_change_set").paginate(
                StackName=stack, ChangeSetName=name
            )
            try:
                found = list(pages)
            except ClientError as error:
                if error_code(error) == "ChangeSetNotFound" or no_such_stack(error):
                    return None
                raise
        return change_set_view(found[0], [change for page in found for change in page.get("Changes", [])])

    def put_template(self, bucket: str, key: str, body: str) -> None:
        with self._translated("PutObject"):
            self._session.acting_s3.put_object(
                Bucket=bucket, Key=key, Body=body.encode(), ContentType="application/json"
            )

    def create_change_set(self, stack: str, name: str, *, bucket: str, key: str, first: bool, token: str) -> None:
        with self._translated("CreateChangeSet"):
            self._session.acting_cloudformation.create_change_set(
                StackName=stack,
                ChangeSetName=name,
                ChangeSetType="CREATE" if first else "UPDATE",
                TemplateURL=self._object_url(bucket, key),
                Capabilities=["CAPABILITY_NAMED_IAM"],
                RoleARN=self._session.environment.roles.cloudformation,
                ClientToken=token,
            )

    def delete_change_set(self, stack: str, name: str) -> None:
        with self._translated("DeleteChangeSet"):
            self._session.acting_cloudformation.delete_change_set(StackName=stack, ChangeSetName=name)

    def execute_change_set(self, stack: str, name: str, token: str) -> None:
        with self._translated("ExecuteChangeSet"):
            self._session.acting_cloudformation.execute_change_set(
                StackName=stack, ChangeSetName=name, ClientRequestToken=token
            )

    def delete_stack(self, stack: str, token: str) -> None:
        with self._translated("DeleteStack"):
            self._session.acting_cloudformation.delete_stack(
                StackName=stack,
                RoleARN=self._session.environment.roles.cloudformation,
                ClientRequestToken=token,
            )

    def cancel_update(self, stack: str, token: str) -> None:
        with self._translated("CancelUpdateStack"):
            self._session.acting_cloudformation.cancel_update_stack(StackName=stack, ClientRequestToken=token)

    def continue_rollback(self, stack: str, token: str) -> None:
        with self._translated("ContinueUpdateRollback"):
            self._session.acting_cloudformation.continue_update_rollback(
                StackName=stack,
                RoleARN=self._session.environment.roles.cloudformation,
                ClientRequestToken=token,
            )

    def fence(self, tag: str) -> None:
        self._session.bear(tag)

    def session_left(self) -> float:
        return self._session.seconds_left()

    def stop_task(self, arn: str) -> None:
        with self._translated("StopReplicationTask"):
            self._session.acting_dms.stop_replication_task(ReplicationTaskArn=arn)

    def start_task(self, arn: str, *, first: bool) -> None:
        with self._translated("StartReplicationTask"):
            self._session.acting_dms.start_replication_task(
                ReplicationTaskArn=arn,
                StartReplicationTaskType="start-replication" if first else "resume-processing",
            )

    def tag_task(self, arn: str, tags: Mapping[str, str]) -> None:
        with self._translated("AddTagsToResource"):
            self._session.acting_dms.add_tags_to_resource(
                ResourceArn=arn, Tags=[{"Key": key, "Value": value} for key, value in sorted(tags.items())]
            )

    def untag_task(self, arn: str, keys: tuple[str, ...]) -> None:
        with self._translated("RemoveTagsFromResource"):
            self._session.acting_dms.remove_tags_from_resource(ResourceArn=arn, TagKeys=list(keys))

    def table_mappings(self, task: str) -> str:
        try:
            with self._translated("DescribeReplicationTasks"):
                found = self._session.dms.describe_replication_tasks(
                    Filters=[{"Name": "replication-task-id", "Values": [task]}]
                )["ReplicationTasks"]
        except AwsRefused as refused:
            if refused.code == NOT_FOUND:
                return ""
            raise
        return found[0].get("TableMappings", "") if found else ""

    def endpoint_tested(self, task_arn: str) -> bool:
        with self._translated("DescribeReplicationTasks"):
            found = self._session.dms.describe_replication_tasks(
                Filters=[{"Name": "replication-task-arn", "Values": [task_arn]}], WithoutSettings=True
            )["ReplicationTasks"]
        endpoints = [arn for task in found for arn in (task["SourceEndpointArn"], task["TargetEndpointArn"])]
        try:
            with self._translated("DescribeConnections"):
                pages = self._session.dms.get_paginator("describe_connections").paginate(
                    Filters=[{"Name": "endpoint-arn", "Values": endpoints}]
                )
                return not any(
                    connection.get("Status") == TESTING for page in pages for connection in page["Connections"]
                )
        except AwsRefused as refused:
            if refused.code == NOT_FOUND:  # an endpoint that was never tested
                return True
            raise

    def failure_reason(self, stack: str, token: str) -> str:
        failed = ""
        seen = False
        with self._translated("DescribeStackEvents"):
            pages = self._session.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
            for event in (event for page in pages for event in page["StackEvents"]):  # newest first
                ours = event.get("ClientRequestToken") == token
                if seen and not ours:
                    break
                seen = seen or ours
                reason = event.get("ResourceStatusReason", "")
                if ours and event.get("ResourceStatus", "").endswith("_FAILED") and "cancelled" not in reason:
                    failed = f"{event.get('LogicalResourceId', stack)}: {reason}"
        return failed

    def _object_url(self, bucket: str, key: str) -> str:
        """Where CloudFormation reads a template: S3's own https address, or the local AWS's."""
        if self._session.endpoint is not None:
            return f"{self._session.endpoint.rstrip('/')}/{bucket}/{key}"
        return f"https://{bucket}.s3.{self._session.environment.region}.amazonaws.com/{key}"
