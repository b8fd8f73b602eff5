"""Looking at the running Sluice's local AWS from outside, and changing its pace."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3

from portal.demo.running import RunningSluice

if TYPE_CHECKING:
    from mypy_boto3_dms import DatabaseMigrationServiceClient
    from mypy_boto3_dms.type_defs import ReplicationTaskTypeDef
    from mypy_boto3_s3 import S3Client

LAKE = "example-lake-local"


def s3(sluice: RunningSluice) -> S3Client:
    """A client of S3."""
    return _session().client("s3", endpoint_url=sluice.place.aws_url)


def dms(sluice: RunningSluice) -> DatabaseMigrationServiceClient:
    """A client of DMS."""
    return _session().client("dms", endpoint_url=sluice.place.aws_url)


def task_of(sluice: RunningSluice, name: str) -> ReplicationTaskTypeDef:
    """What DMS says of a task; its status is running, stopping, stopped, …"""
    answer = dms(sluice).describe_replication_tasks(
        Filters=[{"Name": "replication-task-id", "Values": [name]}], WithoutSettings=True
    )
    return answer["ReplicationTasks"][0]


def tables_of(sluice: RunningSluice, task: str) -> set[str]:
    """The tables that DMS lists for a task, as `schema/table`."""
    arn = task_of(sluice, task)["ReplicationTaskArn"]
    statistics = dms(sluice).describe_table_statistics(ReplicationTaskArn=arn)["TableStatistics"]
    return {f"{table['SchemaName']}/{table['TableName']}" for table in statistics}


def loaded_objects(sluice: RunningSluice, folder_prefix: str) -> list[str]:
    """The keys of the load files under `data/<folder_prefix>…`."""
    answer = s3(sluice).list_objects_v2(Bucket=LAKE, Prefix=f"data/{folder_prefix}")
    return [item["Key"] for item in answer.get("Contents", []) if "/LOAD" in item["Key"]]


@contextmanager
def at_speed(sluice: RunningSluice, speed: float) -> Iterator[None]:
    """The local AWS at `speed` times the clock, and at the place's own pace again afterwards."""
    _set_speed(sluice, speed)
    try:
        yield
    finally:
        _set_speed(sluice, sluice.place.aws_speed)


def _set_speed(sluice: RunningSluice, speed: float) -> None:
    body = json.dumps({"speed": speed}).encode()
    address = f"{sluice.place.aws_url}/_sluice/speed"
    with urllib.request.urlopen(address, body, timeout=10):  # noqa: S310 - our own http:// address
        pass


def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1")
