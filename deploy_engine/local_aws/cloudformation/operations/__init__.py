"""The operations of the local CloudFormation, registered by importing the modules."""

from deploy_engine.local_aws.cloudformation.operations import change_sets, describing, drift, stacks, templates
from deploy_engine.local_aws.cloudformation.operations.table import CLOUDFORMATION

__all__ = ["CLOUDFORMATION", "change_sets", "describing", "drift", "stacks", "templates"]
