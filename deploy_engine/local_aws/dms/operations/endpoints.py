"""Endpoints: S3 as a target, MySQL, MariaDB and PostgreSQL behind a secret as sources (`dms-facts.md` section 2)."""

from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.dms.naming import checked_identifier, endpoint_at, exists, resource_id, wrong_state
from deploy_engine.local_aws.dms.operations.connections import test_again
from deploy_engine.local_aws.dms.operations.paging import filtered, page
from deploy_engine.local_aws.dms.operations.table import DMS
from deploy_engine.local_aws.dms.operations.tags import set_tags
from deploy_engine.local_aws.dms.state import Endpoint
from deploy_engine.local_aws.errors import AwsError, unsupported
from deploy_engine.local_aws.side.permissions import role_exists

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

SETTINGS_OF = {
    "s3": "S3Settings",
    "mysql": "MySQLSettings",
    "mariadb": "MySQLSettings",
    "aurora": "MySQLSettings",
    "postgres": "PostgreSQLSettings",
    "aurora-postgresql": "PostgreSQLSettings",
}
KINDS_OF = {"s3": "target"}
S3_KNOWN = frozenset(
    [
        "ServiceAccessRoleArn",
        "BucketName",
        "BucketFolder",
        "DataFormat",
        "CompressionType",
        "CdcMaxBatchInterval",
        "CdcMinFileSize",
        "TimestampColumnName",
        "UseTaskStartTimeForFullLoadTimestamp",
        "IncludeOpForFullLoad",
        "EncryptionMode",
        "Rfc4180",
        "CsvDelimiter",
        "CsvRowDelimiter",
        "CsvNullValue",
        "MaxFileSize",
        "ExpectedBucketOwner",
        "EnableStatistics",
        "AddColumnName",
        "DatePartitionEnabled",
        "PreserveTransactions",
        "CdcInsertsOnly",
        "CdcInsertsAndUpdates",
    ]
)
S3_FIXED = {
    "DataFormat": "csv",
    "EncryptionMode": "sse-s3",
    "AddColumnName": False,
    "DatePartitionEnabled": False,
    "PreserveTransactions": False,
    "CdcInsertsOnly": False,
    "CdcInsertsAndUpdates": False,
    "CsvDelimiter": ",",
}
"""Settings that change what is written, in the one value that the local AWS has."""
S3_DEFAULTS = {
    "DataFormat": "csv",
    "CompressionType": "none",
    "CdcMaxBatchInterval": 60,
    "CdcMinFileSize": 32000,
    "IncludeOpForFullLoad": False,
    "EncryptionMode": "sse-s3",
    "EnableStatistics": True,
    "CsvDelimiter": ",",
    "CsvRowDelimiter": "\\n",
}
SECRET_KNOWN = frozenset({"SecretsManagerSecretId", "SecretsManagerAccessRoleArn"})
SOURCE_KNOWN = {
    "MySQLSettings": SECRET_KNOWN | {"ServerTimezone", "EventsPollInterval"},
    "PostgreSQLSettings": SECRET_KNOWN
    | {"DatabaseName", "HeartbeatEnable", "HeartbeatFrequency", "HeartbeatSchema", "PluginName", "CaptureDdls"},
}
ACCEPTED = (
    "EndpointIdentifier EndpointType EngineName DatabaseName ExtraConnectionAttributes SslMode "
    "S3Settings MySQLSettings PostgreSQLSettings"
)


@DMS.operation("CreateEndpoint", f"{ACCEPTED} Tags ResourceIdentifier")
def create_endpoint(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Create an endpoint; it is active at once."""
    identifier = checked_identifier(members["EndpointIdentifier"], "endpoint identifier").lower()
    if any(endpoint.identifier == identifier for endpoint in region.dms.endpoints.values()):
        raise exists(f"Endpoint {identifier} already exists.")
    engine = members["EngineName"]
    if engine not in SETTINGS_OF:
        raise unsupported(f"the engine {engine}")
    if members["EndpointType"] != KINDS_OF.get(engine, "source"):
        raise unsupported(f"{engine} as a {members['EndpointType']} endpoint")
    name = SETTINGS_OF[engine]
    arn = region.arn("dms", f"endpoint:{resource_id(members.get('ResourceIdentifier'))}")
    endpoint = Endpoint(
        arn=arn,
        identifier=identifier,
        kind=members["EndpointType"],
        engine=engine,
        settings_name=name,
        settings=_checked(region, name, members, {}),
        ssl_mode=members.get("SslMode", "none"),
        extra_attributes=members.get("ExtraConnectionAttributes"),
        database=members.get("DatabaseName"),
    )
    set_tags(region, arn, members.get("Tags"))
    region.dms.endpoints[arn] = endpoint
    return {"Endpoint": endpoint_view(endpoint)}


@DMS.operation("DescribeEndpoints", "Filters MaxRecords Marker")
def describe_endpoints(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe the endpoints that pass the filters."""
    endpoints = filtered(
        sorted(region.dms.endpoints.values(), key=lambda endpoint: endpoint.identifier),
        members,
        {
            "endpoint-arn": lambda endpoint: endpoint.arn,
            "endpoint-id": lambda endpoint: endpoint.identifier,
            "endpoint-type": lambda endpoint: endpoint.kind,
            "engine-name": lambda endpoint: endpoint.engine,
        },
        "No Endpoints found matching these filters.",
    )
    found, marker = page(endpoints, members)
    return {"Endpoints": [endpoint_view(endpoint) for endpoint in found], "Marker": marker}


@DMS.operation("ModifyEndpoint", f"{ACCEPTED} EndpointArn ExactSettings")
def modify_endpoint(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Change an endpoint that no running task uses; its connections are tested again by themselves."""
    endpoint = endpoint_at(region, members["EndpointArn"])
    for task in region.dms.tasks.values():
        if endpoint.arn in (task.source_arn, task.target_arn) and task.status in ("starting", "running", "stopping"):
            raise wrong_state(
                f"Endpoint {endpoint.arn} cannot be modified while task {task.identifier} is in {task.status} state."
            )
    if members.get("EngineName", endpoint.engine) not in SETTINGS_OF:
        raise unsupported(f"the engine {members['EngineName']}")
    engine = members.get("EngineName", endpoint.engine)
    if SETTINGS_OF[engine] != endpoint.settings_name or members.get("EndpointType", endpoint.kind) != endpoint.kind:
        raise AwsError("InvalidParameterCombinationException", "The kind of an endpoint cannot be modified.")
    before = {} if members.get("ExactSettings") else endpoint.settings
    settings = endpoint.settings
    if endpoint.settings_name in members:
        settings = _checked(region, endpoint.settings_name, members, before)
    identifier = checked_identifier(
        members.get("EndpointIdentifier", endpoint.identifier), "endpoint identifier"
    ).lower()
    taken = any(other.identifier == identifier and other is not endpoint for other in region.dms.endpoints.values())
    if taken:
        raise exists(f"Endpoint {identifier} already exists.")
    endpoint.identifier, endpoint.engine, endpoint.settings = identifier, engine, settings
    endpoint.ssl_mode = members.get("SslMode", endpoint.ssl_mode)
    endpoint.extra_attributes = members.get("ExtraConnectionAttributes", endpoint.extra_attributes)
    endpoint.database = members.get("DatabaseName", endpoint.database)
    test_again(region, endpoint.arn)
    return {"Endpoint": endpoint_view(endpoint)}


@DMS.operation("DeleteEndpoint", "EndpointArn")
def delete_endpoint(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Delete an endpoint that no task uses."""
    endpoint = endpoint_at(region, members["EndpointArn"])
    if any(endpoint.arn in (task.source_arn, task.target_arn) for task in region.dms.tasks.values()):
        raise wrong_state(f"Endpoint {endpoint.arn} is part of one or more ReplicationTasks.")
    endpoint.status = "deleting"
    endpoint.until = region.now + region.timings.endpoint_delete
    connections = region.dms.connections
    region.dms.connections = {key: kept for key, kept in connections.items() if key[1] != endpoint.arn}
    return {"Endpoint": endpoint_view(endpoint)}


def endpoint_view(endpoint: Endpoint) -> dict[str, Any]:
    """Return the members of `Endpoint`."""
    defaults = S3_DEFAULTS if endpoint.engine == "s3" else {}
    return {
        "EndpointArn": endpoint.arn,
        "EndpointIdentifier": endpoint.identifier,
        "EndpointType": endpoint.kind,
        "EngineName": endpoint.engine,
        "EngineDisplayName": endpoint.engine,
        "DatabaseName": endpoint.database,
        "ExtraConnectionAttributes": endpoint.extra_attributes,
        "Status": endpoint.status,
        "SslMode": endpoint.ssl_mode,
        endpoint.settings_name: {**defaults, **endpoint.settings},
    }


def _checked(region: "Region", name: str, members: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Return the settings after the change; refuse what is incomplete or what the local AWS does not have."""
    settings = {**before, **members.get(name, {})}
    other = sorted({"S3Settings", "MySQLSettings", "PostgreSQLSettings"} & set(members) - {name})
    if other:
        raise AwsError("InvalidParameterCombinationException", f"{other[0]} does not belong to this engine.")
    known = S3_KNOWN if name == "S3Settings" else SOURCE_KNOWN[name]
    unknown = sorted(set(settings) - known)
    if unknown:
        raise unsupported(f"{name}.{unknown[0]}")
    required = ("ServiceAccessRoleArn", "BucketName") if name == "S3Settings" else tuple(sorted(SECRET_KNOWN))
    missing = [key for key in required if not settings.get(key)]
    if missing:
        raise AwsError("InvalidParameterCombinationException", f"{name}.{missing[0]} is required.")
    role = settings["ServiceAccessRoleArn" if name == "S3Settings" else "SecretsManagerAccessRoleArn"]
    if not role_exists(region.side, role):
        raise AwsError("AccessDeniedFault", f"The IAM Role {role} is not configured properly.")
    if name == "S3Settings":
        for key, value in S3_FIXED.items():
            if settings.get(key, value) != value:
                raise unsupported(f"S3Settings.{key} = {settings[key]}")
        settings["CompressionType"] = settings.get("CompressionType", "none").lower()
    return settings
