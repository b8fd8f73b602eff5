"""Properties whose change makes CloudFormation replace a resource, for every type that Sluice's templates have.

They are the create-only properties of CloudFormation's own resource schemas (dms-facts.md section 5), held by a test
against those that cfn-lint brings; and, beyond them, an endpoint's engine and direction: CloudFormation would change
those in place, under tasks whose checkpoints then belong to another database.
"""

from __future__ import annotations

from collections.abc import Mapping

_IN_THE_SCHEMAS: Mapping[str, frozenset[str]] = {
    "AWS::CloudWatch::Alarm": frozenset({"AlarmName"}),
    "AWS::DMS::Endpoint": frozenset({"KmsKeyId", "ResourceIdentifier"}),
    "AWS::DMS::EventSubscription": frozenset({"SourceIds", "SubscriptionName"}),
    "AWS::DMS::ReplicationInstance": frozenset(
        {"DnsNameServers", "KmsKeyId", "PubliclyAccessible", "ReplicationSubnetGroupIdentifier", "ResourceIdentifier"}
    ),
    "AWS::DMS::ReplicationSubnetGroup": frozenset({"ReplicationSubnetGroupIdentifier"}),
    "AWS::DMS::ReplicationTask": frozenset(
        {"MigrationType", "ReplicationInstanceArn", "ResourceIdentifier", "SourceEndpointArn", "TargetEndpointArn"}
    ),
    "AWS::EC2::SecurityGroup": frozenset({"GroupDescription", "GroupName", "VpcId"}),
    "AWS::IAM::Role": frozenset({"Path", "RoleName"}),
    "AWS::SNS::Subscription": frozenset({"Endpoint", "Protocol", "TopicArn"}),
    "AWS::SNS::Topic": frozenset({"FifoTopic", "TopicName"}),
    "AWS::SNS::TopicPolicy": frozenset(),
}
BEYOND_THE_SCHEMAS: Mapping[str, frozenset[str]] = {"AWS::DMS::Endpoint": frozenset({"EngineName", "EndpointType"})}
CREATE_ONLY: Mapping[str, frozenset[str]] = {
    kind: properties | BEYOND_THE_SCHEMAS.get(kind, frozenset()) for kind, properties in _IN_THE_SCHEMAS.items()
}
