"""AWS::CloudWatch::Alarm, really created in the side services' CloudWatch and evaluated by `alarms/`."""

from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.cloudformation.resources.base import Place, Property, ResourceType

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

UNCHECKED = "Unchecked: Initial alarm creation"


class CloudWatchAlarm(ResourceType):
    """An alarm on one metric."""

    name = "AWS::CloudWatch::Alarm"
    service = "CloudWatch"
    attributes = frozenset({"Arn"})
    properties = {
        "ActionsEnabled": Property("boolean"),
        "AlarmActions": Property("list"),
        "AlarmDescription": Property(),
        "AlarmName": Property(create_only=True),
        "ComparisonOperator": Property(required=True),
        "DatapointsToAlarm": Property("integer"),
        "Dimensions": Property("list"),
        "EvaluationPeriods": Property("integer", required=True),
        "InsufficientDataActions": Property("list"),
        "MetricName": Property(required=True),
        "Namespace": Property(required=True),
        "OKActions": Property("list"),
        "Period": Property("integer", required=True),
        "Statistic": Property(required=True),
        "Threshold": Property("number", required=True),
        "TreatMissingData": Property(),
        "Unit": Property(),
    }

    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Create the alarm."""
        name = str(properties.get("AlarmName") or place.invented_name())
        client = region.side.client("cloudwatch")
        client.put_metric_alarm(**{**properties, "AlarmName": name})
        client.set_alarm_state(AlarmName=name, StateValue="INSUFFICIENT_DATA", StateReason=UNCHECKED)
        return name

    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Put the alarm again under its name."""
        region.side.client("cloudwatch").put_metric_alarm(**{**new, "AlarmName": physical})

    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """Delete the alarm."""
        region.side.client("cloudwatch").delete_alarms(AlarmNames=[physical])

    def attribute(self, region: "Region", physical: str, name: str) -> str:
        """Return the ARN."""
        return region.arn("cloudwatch", f"alarm:{physical}")

    def live(self, region: "Region", physical: str) -> dict[str, Any] | None:
        """Return the alarm's properties."""
        alarms = region.side.client("cloudwatch").describe_alarms(AlarmNames=[physical])["MetricAlarms"]
        return {name: alarms[0].get(name) for name in self.properties} if alarms else None
