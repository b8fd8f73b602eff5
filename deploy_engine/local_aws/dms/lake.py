"""What a task writes into the lake: load files and change files, named as DMS names them (`dms-facts.md` section 2).

Lines are CSV as RFC 4180 has it: the operation, the time, then the table's columns. A NULL is the word that
``CsvNullValue`` says (``NULL``), and so is a text of that word: the files of DMS are as ambiguous. Files with invented
rows say so in their metadata.
"""

import csv
import gzip
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from deploy_engine.local_aws.dms.sources.source import ChangedRow, LoadFile
from deploy_engine.local_aws.side.permissions import allows

if TYPE_CHECKING:
    from deploy_engine.local_aws.dms.state import Endpoint, TableRun
    from deploy_engine.local_aws.world import Region

SYNTHETIC = {"sluice-local-aws": "synthetic sample"}
NULL = "NULL"


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


def write_load_file(
    region: "Region", endpoint: "Endpoint", table: "TableRun", file: LoadFile, at: float, *, synthetic: bool
) -> None:
    """Write a load file, over one of the same name; its rows bear the time of the transfer."""
    operation = ["I"] if endpoint.settings.get("IncludeOpForFullLoad") else []
    stamp = _stamp(endpoint, region.shown(at))
    body = _csv(endpoint, ([*operation, *stamp, *row] for row in file.rows))
    _put(region, endpoint, f"{folder(endpoint, table)}LOAD{file.number:08X}.csv", body, synthetic=synthetic)


def write_change_file(
    region: "Region", endpoint: "Endpoint", table: "TableRun", rows: list[ChangedRow], at: float, *, synthetic: bool
) -> None:
    """Write a change file named by the moment, and never by one that already names a file of this table."""
    shown = region.shown(at)
    table.last_stamp = max(int(shown * 1000), table.last_stamp + 1)
    moment = datetime.fromtimestamp(table.last_stamp / 1000, UTC)
    name = f"{moment:%Y%m%d-%H%M%S}{table.last_stamp % 1000:03d}"
    lines = (
        [changed.operation, *_stamp(endpoint, shown if changed.committed is None else changed.committed), *changed.row]
        for changed in rows
    )
    _put(region, endpoint, f"{folder(endpoint, table)}{name}.csv", _csv(endpoint, lines), synthetic=synthetic)


def _stamp(endpoint: "Endpoint", at: float) -> list[str]:
    if not endpoint.settings.get("TimestampColumnName"):
        return []
    return [datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")]


def _csv(endpoint: "Endpoint", lines: Iterable[list[str | None]]) -> bytes:
    null = str(endpoint.settings.get("CsvNullValue", NULL))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([null if value is None else value for value in line] for line in lines)
    return text.getvalue().encode()


def _put(region: "Region", endpoint: "Endpoint", key: str, body: bytes, *, synthetic: bool) -> None:
    if str(endpoint.settings.get("CompressionType", "none")).lower() == "gzip":
        key, body = f"{key}.gz", gzip.compress(body, mtime=0)
    region.side.client("s3").put_object(
        Bucket=endpoint.settings["BucketName"], Key=key, Body=body, Metadata=SYNTHETIC if synthetic else {}
    )
