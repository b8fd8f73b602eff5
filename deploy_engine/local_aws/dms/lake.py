"""What a task writes into the lake: load files and change files, named as DMS names them (`dms-facts.md` section 2).

The rows are invented: a bounded sample in each file, marked as such in the object's metadata.
"""

import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from deploy_engine.local_aws.side.permissions import allows

if TYPE_CHECKING:
    from deploy_engine.local_aws.dms.state import Endpoint, TableRun
    from deploy_engine.local_aws.world import Region

METADATA = {"sluice-local-aws": "synthetic sample"}


def folder(endpoint: "Endpoint", table: "TableRun") -> str:
    """Return the key prefix of a table's files, with its closing slash."""
    bucket_folder = endpoint.settings.get("BucketFolder", "").strip("/")
    path = f"{table.target_schema}/{table.target_table}/"
    return f"{bucket_folder}/{path}" if bucket_folder else path


def refusal(region: "Region", endpoint: "Endpoint", table: "TableRun") -> str | None:
    """Return why the endpoint's role may not write this table's files, or None."""
    role, bucket = endpoint.settings.get("ServiceAccessRoleArn", ""), endpoint.settings.get("BucketName", "")
    resource = f"arn:aws:s3:::{bucket}/{folder(endpoint, table)}LOAD00000001.csv"
    if allows(region.side, role, "s3:PutObject", resource):
        return None
    return f"Failed to write to bucket {bucket}: the role {role} is not allowed to perform s3:PutObject"


def write_load_file(region: "Region", endpoint: "Endpoint", table: "TableRun", number: int, at: float) -> None:
    """Write load file ``number`` (from 1) of a table, over one of the same name."""
    per_file = region.timings.rows_per_file
    first = (number - 1) * per_file + 1
    count = min(table.rows - first + 1, per_file, region.timings.sample_rows)
    with_operation = bool(endpoint.settings.get("IncludeOpForFullLoad"))
    lines = [_line(endpoint, "I" if with_operation else "", table, first + step, at) for step in range(count)]
    _put(region, endpoint, f"{folder(endpoint, table)}LOAD{number:08X}.csv", lines)


def write_change_file(region: "Region", endpoint: "Endpoint", table: "TableRun", changes: list[str], at: float) -> None:
    """Write one change file; ``changes`` are the operations I, U and D in their order."""
    stamp = datetime.fromtimestamp(at, UTC)
    name = f"{stamp:%Y%m%d-%H%M%S}{stamp.microsecond // 1000:03d}"
    sample = changes[: region.timings.sample_rows]
    lines = [_line(endpoint, operation, table, table.rows + step + 1, at) for step, operation in enumerate(sample)]
    _put(region, endpoint, f"{folder(endpoint, table)}{name}.csv", lines)


def _line(endpoint: "Endpoint", operation: str, table: "TableRun", number: int, at: float) -> str:
    columns = [operation] if operation else []
    if endpoint.settings.get("TimestampColumnName"):
        columns.append(datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S.%f"))
    columns += [str(number), f"synthetic row of {table.schema}.{table.table}"]
    return ",".join(columns) + "\n"


def _put(region: "Region", endpoint: "Endpoint", key: str, lines: list[str]) -> None:
    body = "".join(lines).encode()
    if str(endpoint.settings.get("CompressionType", "none")).lower() == "gzip":
        key, body = f"{key}.gz", gzip.compress(body, mtime=0)
    region.side.client("s3").put_object(Bucket=endpoint.settings["BucketName"], Key=key, Body=body, Metadata=METADATA)
