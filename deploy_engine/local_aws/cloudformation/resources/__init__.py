"""The resource types that the local CloudFormation has, by name."""

from deploy_engine.local_aws.cloudformation.resources.base import ResourceType
from deploy_engine.local_aws.cloudformation.resources.dms_endpoint import DmsEndpoint
from deploy_engine.local_aws.cloudformation.resources.dms_instance import DmsInstance
from deploy_engine.local_aws.cloudformation.resources.dms_others import DmsEventSubscription, DmsSubnetGroup
from deploy_engine.local_aws.cloudformation.resources.dms_task import DmsTask
from deploy_engine.local_aws.cloudformation.resources.monitoring import CloudWatchAlarm
from deploy_engine.local_aws.cloudformation.resources.network import SecurityGroup
from deploy_engine.local_aws.cloudformation.resources.notifications import SnsSubscription, SnsTopic, SnsTopicPolicy
from deploy_engine.local_aws.cloudformation.resources.roles import IamRole

RESOURCE_TYPES: dict[str, ResourceType] = {
    kind.name: kind
    for kind in (
        IamRole(),
        SecurityGroup(),
        DmsSubnetGroup(),
        DmsEndpoint(),
        DmsInstance(),
        DmsTask(),
        DmsEventSubscription(),
        CloudWatchAlarm(),
        SnsTopic(),
        SnsTopicPolicy(),
        SnsSubscription(),
    )
}
