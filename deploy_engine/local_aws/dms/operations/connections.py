"""Connection tests between an instance and an endpoint (`dms-facts.md` section 5: ModifyEndpoint starts one)."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.dms.naming import endpoint_at, instance_at, wrong_state
from deploy_engine.local_aws.dms.operations.paging import filtered, page
from deploy_engine.local_aws.dms.operations.table import DMS
from deploy_engine.local_aws.dms.sources.finding import address_of
from deploy_engine.local_aws.dms.sources.source import SourceUnreachableError
from deploy_engine.local_aws.dms.state import Connection, Endpoint

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region


@DMS.operation("TestConnection", "ReplicationInstanceArn EndpointArn")
def test_connection(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Begin a test; it is `testing` for a while."""
    instance = instance_at(region, members["ReplicationInstanceArn"])
    endpoint = endpoint_at(region, members["EndpointArn"])
    if instance.status != "available":
        raise wrong_state(f"Replication instance {instance.arn} is not available: it is {instance.status}.")
    return {"Connection": _view(region, _begin(region, instance.arn, endpoint))}


@DMS.operation("DescribeConnections", "Filters MaxRecords Marker")
def describe_connections(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe the last test of each pair that passes the filters."""
    connections = filtered(
        [region.dms.connections[key] for key in sorted(region.dms.connections)],
        members,
        {
            "endpoint-arn": lambda connection: connection.endpoint_arn,
            "replication-instance-arn": lambda connection: connection.instance_arn,
        },
        "No Connections found matching these filters.",
    )
    found, marker = page(connections, members)
    return {"Connections": [_view(region, connection) for connection in found], "Marker": marker}


def test_again(region: "Region", endpoint_arn: str) -> None:
    """Test every connection that the endpoint already had."""
    for instance_arn, arn in list(region.dms.connections):
        if arn == endpoint_arn:
            _begin(region, instance_arn, region.dms.endpoints[arn])


def _begin(region: "Region", instance_arn: str, endpoint: Endpoint) -> Connection:
    connection = Connection(
        instance_arn,
        endpoint.arn,
        "testing",
        region.now + region.timings.connection_test,
        _why_it_fails(region, endpoint),
    )
    region.dms.connections[instance_arn, endpoint.arn] = connection
    return connection


def _why_it_fails(region: "Region", endpoint: Endpoint) -> str | None:
    """Look at what a test can see from here: a target's bucket; a source's secret and database."""
    try:
        if endpoint.engine == "s3":
            region.side.client("s3").head_bucket(Bucket=endpoint.settings["BucketName"])
        else:
            secret = endpoint.settings["SecretsManagerSecretId"]
            region.side.client("secretsmanager").get_secret_value(SecretId=secret)
            address = address_of(region, endpoint)
            if address is not None:
                region.world.databases.at(address)
    except ClientError as error:
        return f"Test Endpoint failed: {error.response['Error']['Message']}"
    except SourceUnreachableError as error:
        return f"Test Endpoint failed: {error}"
    return None


def _view(region: "Region", connection: Connection) -> dict[str, Any]:
    state = region.dms
    endpoint = state.endpoints[connection.endpoint_arn]
    return {
        "ReplicationInstanceArn": connection.instance_arn,
        "EndpointArn": connection.endpoint_arn,
        "Status": connection.status,
        "LastFailureMessage": connection.failure if connection.status == "failed" else None,
        "EndpointIdentifier": endpoint.identifier,
        "ReplicationInstanceIdentifier": state.instances[connection.instance_arn].identifier,
    }
