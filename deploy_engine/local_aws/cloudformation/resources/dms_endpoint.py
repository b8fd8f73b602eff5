"""AWS::DMS::Endpoint (`dms-facts.md` section 5: settings change in place, but not under a running task)."""

from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.cloudformation.resources.base import Place, Property, ResourceType
from deploy_engine.local_aws.cloudformation.resources.dms_calls import (
    SERVICE,
    call,
    ignoring_absence,
    replace_tags,
    with_stack_tags,
)

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

API_NAMES = {"MySqlSettings": "MySQLSettings", "PostgreSqlSettings": "PostgreSQLSettings"}
"""Where CloudFormation spells a property otherwise than the API."""


class DmsEndpoint(ResourceType):
    """An S3 target, or a source behind a secret."""

    name = "AWS::DMS::Endpoint"
    service = SERVICE
    attributes = frozenset({"EndpointArn"})
    properties = {
        "EndpointIdentifier": Property(),
        "EndpointType": Property(required=True),
        "EngineName": Property(required=True),
        "DatabaseName": Property(),
        "ExtraConnectionAttributes": Property(),
        "SslMode": Property(),
        "S3Settings": Property("object"),
        "MySqlSettings": Property("object"),
        "PostgreSqlSettings": Property("object"),
        "ResourceIdentifier": Property(create_only=True),
        "Tags": Property("list"),
    }

    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Create the endpoint."""
        members = {"EndpointIdentifier": place.invented_name(), **_api(with_stack_tags(properties, place.tags))}
        return str(call(region, "CreateEndpoint", members)["Endpoint"]["EndpointArn"])

    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Modify the endpoint, with exactly the settings that the template gives."""
        without = {"Tags", "ResourceIdentifier"}
        changed = {name: value for name, value in new.items() if name not in without and value != old.get(name)}
        if changed:
            call(region, "ModifyEndpoint", {"EndpointArn": physical, "ExactSettings": True, **_api(changed)})
        replace_tags(region, physical, old, new)

    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """Delete the endpoint; one in use by a task refuses."""
        ignoring_absence(region, "DeleteEndpoint", {"EndpointArn": physical})

    def gone(self, region: "Region", physical: str) -> bool:
        """Tell whether the endpoint is no longer listed."""
        return physical not in region.dms.endpoints

    def attribute(self, region: "Region", physical: str, name: str) -> str:
        """Return the ARN, which is the physical id."""
        return physical

    def live(self, region: "Region", physical: str) -> dict[str, Any] | None:
        """Return the endpoint's properties."""
        endpoint = region.dms.endpoints.get(physical)
        if endpoint is None:
            return None
        settings_name = {api: name for name, api in API_NAMES.items()}.get(
            endpoint.settings_name, endpoint.settings_name
        )
        return {
            "EndpointIdentifier": endpoint.identifier,
            "EndpointType": endpoint.kind,
            "EngineName": endpoint.engine,
            "DatabaseName": endpoint.database,
            "ExtraConnectionAttributes": endpoint.extra_attributes,
            "SslMode": endpoint.ssl_mode,
            settings_name: endpoint.settings,
        }


def _api(properties: dict[str, Any]) -> dict[str, Any]:
    return {API_NAMES.get(name, name): value for name, value in properties.items()}
