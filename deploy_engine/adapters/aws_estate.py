"""What an account has of DMS, whoever made it: describe calls only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deploy_engine.adapters.aws_errors import translated
from deploy_engine.adapters.aws_session import AwsSession
from deploy_engine.adopting import Estate, ForeignEndpoint, ForeignInstance, ForeignTask

if TYPE_CHECKING:
    from mypy_boto3_dms.type_defs import EndpointTypeDef, ReplicationInstanceTypeDef, ReplicationTaskTypeDef

PER_PAGE: Any = {"PageSize": 100}
_SECRET = "SecretsManagerSecretId"  # noqa: S105 - the name of a setting


def read_estate(session: AwsSession) -> Estate:
    """Every task with its mappings and settings, every endpoint and instance. Raises the engine's AWS errors."""
    dms = session.dms
    with translated("DescribeEndpoints", session.place):
        ends = dms.get_paginator("describe_endpoints").paginate(PaginationConfig=PER_PAGE)
        endpoints = {end["EndpointArn"]: _endpoint(end) for answer in ends for end in answer["Endpoints"]}
    with translated("DescribeReplicationInstances", session.place):
        machines = dms.get_paginator("describe_replication_instances").paginate(PaginationConfig=PER_PAGE)
        instances = {
            machine["ReplicationInstanceArn"]: _instance(machine)
            for answer in machines
            for machine in answer["ReplicationInstances"]
        }
    with translated("DescribeReplicationTasks", session.place):
        found = dms.get_paginator("describe_replication_tasks").paginate(
            WithoutSettings=False, PaginationConfig=PER_PAGE
        )
        tasks = tuple(_task(task) for answer in found for task in answer["ReplicationTasks"])
    return Estate(tasks, endpoints, instances)


def _task(task: ReplicationTaskTypeDef) -> ForeignTask:
    return ForeignTask(
        name=task["ReplicationTaskIdentifier"],
        status=task["Status"],
        migration_type=task["MigrationType"],
        source_arn=task["SourceEndpointArn"],
        target_arn=task["TargetEndpointArn"],
        instance_arn=task["ReplicationInstanceArn"],
        mappings=task.get("TableMappings", ""),
        settings=task.get("ReplicationTaskSettings", ""),
    )


def _endpoint(end: EndpointTypeDef) -> ForeignEndpoint:
    lake: dict[str, Any] = {**end.get("S3Settings", {})}
    own: dict[str, Any] = {**end.get("PostgreSQLSettings", {}), **end.get("MySQLSettings", {})}
    return ForeignEndpoint(
        name=end["EndpointIdentifier"],
        engine=end["EngineName"],
        database=end.get("DatabaseName") or own.get("DatabaseName", ""),
        secret=own.get(_SECRET, ""),
        bucket=lake.get("BucketName", ""),
        folder=lake.get("BucketFolder", ""),
        seconds=lake.get("CdcMaxBatchInterval"),
        layout=lake,
    )


def _instance(machine: ReplicationInstanceTypeDef) -> ForeignInstance:
    return ForeignInstance(
        name=machine["ReplicationInstanceIdentifier"],
        instance_class=machine["ReplicationInstanceClass"],
        storage_gb=machine["AllocatedStorage"],
        engine_version=machine["EngineVersion"],
        multi_az=machine["MultiAZ"],
    )
