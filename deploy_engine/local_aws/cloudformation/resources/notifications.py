"""AWS::SNS::Topic, AWS::SNS::TopicPolicy and AWS::SNS::Subscription, really created in the side services' SNS."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.cloudformation.resources.base import Place, Property, ResourceType

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region


class SnsTopic(ResourceType):
    """A topic."""

    name = "AWS::SNS::Topic"
    service = "AmazonSNS"
    attributes = frozenset({"TopicName", "TopicArn"})
    properties = {
        "TopicName": Property(create_only=True),
        "DisplayName": Property(),
        "KmsMasterKeyId": Property(),
        "Tags": Property("list"),
    }

    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Create the topic."""
        name = properties.get("TopicName") or place.invented_name()
        arn = region.side.client("sns").create_topic(Name=name, Tags=properties.get("Tags", []))["TopicArn"]
        self.update(region, arn, {}, properties)
        return str(arn)

    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Set the attributes that changed."""
        for name in ("DisplayName", "KmsMasterKeyId"):
            if new.get(name) != old.get(name):
                region.side.client("sns").set_topic_attributes(
                    TopicArn=physical, AttributeName=name, AttributeValue=new.get(name, "")
                )

    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """Delete the topic; SNS does not mind one that is gone."""
        region.side.client("sns").delete_topic(TopicArn=physical)

    def attribute(self, region: "Region", physical: str, name: str) -> str:
        """Return name or ARN."""
        return physical if name == "TopicArn" else physical.rpartition(":")[2]

    def live(self, region: "Region", physical: str) -> dict[str, Any] | None:
        """Return the topic's properties."""
        try:
            found = region.side.client("sns").get_topic_attributes(TopicArn=physical)["Attributes"]
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NotFound", "NotFoundException"):
                return None
            raise
        return {
            "TopicName": physical.rpartition(":")[2],
            "DisplayName": found.get("DisplayName"),
            "KmsMasterKeyId": found.get("KmsMasterKeyId"),
        }


class SnsTopicPolicy(ResourceType):
    """A policy of one or more topics."""

    name = "AWS::SNS::TopicPolicy"
    detects_drift = False
    service = "AmazonSNS"
    properties = {
        "PolicyDocument": Property("object", required=True),
        "Topics": Property("list", required=True),
    }

    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Set the policy on its topics."""
        self.update(region, "", {}, properties)
        return place.invented_name()

    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Set the policy on its topics."""
        for topic in new["Topics"]:
            region.side.client("sns").set_topic_attributes(
                TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(new["PolicyDocument"])
            )

    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """Leave the topics as they are: they are deleted with the stack."""


class SnsSubscription(ResourceType):
    """A subscription of an address to a topic."""

    name = "AWS::SNS::Subscription"
    service = "AmazonSNS"
    properties = {
        "TopicArn": Property(required=True, create_only=True),
        "Protocol": Property(required=True, create_only=True),
        "Endpoint": Property(required=True, create_only=True),
    }

    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Subscribe the address."""
        answer = region.side.client("sns").subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties["Endpoint"],
            ReturnSubscriptionArn=True,
        )
        return str(answer["SubscriptionArn"])

    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Do nothing: every property replaces the subscription."""

    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """End the subscription."""
        region.side.client("sns").unsubscribe(SubscriptionArn=physical)

    def live(self, region: "Region", physical: str) -> dict[str, Any] | None:
        """Return the subscription's properties."""
        try:
            found = region.side.client("sns").get_subscription_attributes(SubscriptionArn=physical)["Attributes"]
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NotFound", "NotFoundException"):
                return None
            raise
        return {name: found.get(name) for name in ("TopicArn", "Protocol", "Endpoint")}
