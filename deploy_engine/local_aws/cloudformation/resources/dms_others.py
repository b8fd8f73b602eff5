"""AWS::DMS::ReplicationSubnetGroup and AWS::DMS::EventSubscription (`dms-facts.md` section 5)."""

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

GROUP = "ReplicationSubnetGroupIdentifier"


class DmsSubnetGroup(ResourceType):
    """A replication subnet group."""

    name = "AWS::DMS::ReplicationSubnetGroup"
    service = SERVICE
    properties = {
        GROUP: Property(create_only=True),
        "ReplicationSubnetGroupDescription": Property(required=True),
        "SubnetIds": Property("list", required=True),
        "Tags": Property("list"),
    }

    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Create the group."""
        members = {GROUP: place.invented_name().lower(), **with_stack_tags(properties, place.tags)}
        return str(call(region, "CreateReplicationSubnetGroup", members)["ReplicationSubnetGroup"][GROUP])

    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Modify description and subnets."""
        members = {name: value for name, value in new.items() if name not in (GROUP, "Tags")}
        call(region, "ModifyReplicationSubnetGroup", {GROUP: physical, **members})
        replace_tags(region, region.arn("dms", f"subgrp:{physical}"), old, new)

    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """Delete the group; one in use refuses."""
        ignoring_absence(region, "DeleteReplicationSubnetGroup", {GROUP: physical})

    def live(self, region: "Region", physical: str) -> dict[str, Any] | None:
        """Return the group's properties."""
        group = region.dms.subnet_groups.get(physical)
        if group is None:
            return None
        return {
            GROUP: group.identifier,
            "ReplicationSubnetGroupDescription": group.description,
            "SubnetIds": [subnet for subnet, _ in group.subnets],
        }


class DmsEventSubscription(ResourceType):
    """A subscription of a topic to events."""

    name = "AWS::DMS::EventSubscription"
    service = SERVICE
    properties = {
        "SubscriptionName": Property(create_only=True),
        "SnsTopicArn": Property(required=True),
        "SourceType": Property(),
        "SourceIds": Property("list", create_only=True),
        "EventCategories": Property("list"),
        "Enabled": Property("boolean"),
        "Tags": Property("list"),
    }

    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Create the subscription."""
        members = {"SubscriptionName": place.invented_name(), **with_stack_tags(properties, place.tags)}
        return str(call(region, "CreateEventSubscription", members)["EventSubscription"]["CustSubscriptionId"])

    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Modify the subscription."""
        kept = {"SubscriptionName", "SourceIds", "Tags"}
        members = {name: value for name, value in new.items() if name not in kept}
        call(region, "ModifyEventSubscription", {"SubscriptionName": physical, **members})
        replace_tags(region, region.arn("dms", f"es:{physical}"), old, new)

    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """End the subscription."""
        ignoring_absence(region, "DeleteEventSubscription", {"SubscriptionName": physical})

    def live(self, region: "Region", physical: str) -> dict[str, Any] | None:
        """Return the subscription's properties."""
        subscription = region.dms.subscriptions.get(physical)
        if subscription is None:
            return None
        return {
            "SubscriptionName": subscription.name,
            "SnsTopicArn": subscription.topic_arn,
            "SourceType": subscription.source_type,
            "SourceIds": subscription.source_ids,
            "EventCategories": subscription.categories,
            "Enabled": subscription.enabled,
        }
