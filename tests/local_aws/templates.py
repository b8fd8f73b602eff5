"""Templates for the tests: a base stack and a team stack of the kind that Sluice renders, made here independently."""

import json
from typing import Any

from deploy_engine.local_aws.testing import LocalAws

ACCOUNT = "123456789012"
SECRET = "sluice/food/fooddb"
VPC, SUBNETS = "vpc-0123456789abcdef0", ("subnet-0000000000000000a", "subnet-0000000000000000b")
LAKE, TEMPLATES = "company-lake", "company-templates"


def surroundings(aws: LocalAws) -> None:
    """Create what a company has before its first stack."""
    from deploy_engine.local_aws.company import Company, prepare  # noqa: PLC0415 - keeps this module light

    company = Company(
        account=ACCOUNT,
        region="eu-west-1",
        buckets=(LAKE, TEMPLATES),
        vpc=VPC,
        subnets=SUBNETS,
        roles=(f"arn:aws:iam::{ACCOUNT}:role/sluice-cloudformation",),
        secrets={SECRET: {"username": "dms", "password": "x", "host": "127.0.0.1", "port": 5432, "synthetic": True}},
    )
    with aws.world.lock:
        prepare(aws.world, company)


def base_template(**changes: Any) -> str:
    """Return a base template; ``changes`` replace top-level sections."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "dms.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    write = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:PutObject", "s3:PutObjectTagging"],
                "Resource": f"arn:aws:s3:::{LAKE}/*",
            },
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{LAKE}"},
        ],
    }
    resources = {
        "LakeRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": trust,
                "Policies": [{"PolicyName": "lake", "PolicyDocument": write}],
            },
        },
        "SecurityGroup": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "DMS instances",
                "VpcId": VPC,
                "SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
            },
        },
        "SubnetGroup": {
            "Type": "AWS::DMS::ReplicationSubnetGroup",
            "Properties": {
                "ReplicationSubnetGroupIdentifier": "sluice-local",
                "ReplicationSubnetGroupDescription": "DMS instances",
                "SubnetIds": list(SUBNETS),
            },
        },
        "Lake1min": _lake_endpoint("sluice-local-lake-1min", 60),
        "Lake10min": _lake_endpoint("sluice-local-lake-10min", 600),
    }
    outputs = {
        "Lake1min": {"Value": {"Ref": "Lake1min"}, "Export": {"Name": "sluice-local-lake-1min"}},
        "Lake10min": {"Value": {"Ref": "Lake10min"}, "Export": {"Name": "sluice-local-lake-10min"}},
        "SubnetGroup": {"Value": {"Ref": "SubnetGroup"}, "Export": {"Name": "sluice-local-subnet-group"}},
        "SecurityGroup": {
            "Value": {"Fn::GetAtt": ["SecurityGroup", "GroupId"]},
            "Export": {"Name": "sluice-local-security-group"},
        },
    }
    return json.dumps({"Description": "base", "Resources": resources, "Outputs": outputs, **changes})


def _lake_endpoint(identifier: str, interval: int) -> dict[str, Any]:
    return {
        "Type": "AWS::DMS::Endpoint",
        "Properties": {
            "EndpointIdentifier": identifier,
            "EndpointType": "target",
            "EngineName": "s3",
            "S3Settings": {
                "ServiceAccessRoleArn": {"Fn::GetAtt": ["LakeRole", "Arn"]},
                "BucketName": LAKE,
                "CompressionType": "gzip",
                "DataFormat": "csv",
                "IncludeOpForFullLoad": True,
                "TimestampColumnName": "dms_timestamp",
                "CdcMaxBatchInterval": interval,
            },
        },
    }


def mappings(*tables: str, version: str = "v202601010000") -> str:
    """Return mappings for tables of the schema `foodsearch`, three rules each."""
    rules: list[dict[str, Any]] = []
    for table in tables:
        locator = {"schema-name": "foodsearch", "table-name": table.replace("_", "[_]")}
        number = 10 * (1 + sum(rule["rule-type"] == "selection" for rule in rules))
        rules += [
            {
                "rule-type": "selection",
                "rule-id": str(number),
                "rule-name": f"select-{table}",
                "object-locator": locator,
                "rule-action": "include",
            },
            {
                "rule-type": "transformation",
                "rule-id": str(number + 1),
                "rule-name": f"schema-{table}",
                "rule-target": "schema",
                "object-locator": {"schema-name": "foodsearch"},
                "rule-action": "rename",
                "value": "data",
            },
            {
                "rule-type": "transformation",
                "rule-id": str(number + 2),
                "rule-name": f"table-{table}",
                "rule-target": "table",
                "object-locator": locator,
                "rule-action": "rename",
                "value": f"fooddb_foodsearch_{table}_{version}",
            },
        ]
    return json.dumps({"rules": rules})


def settings(sub_tasks: int = 8) -> str:
    """Return task settings for a lake."""
    return json.dumps(
        {
            "FullLoadSettings": {"TargetTablePrepMode": "DO_NOTHING", "MaxFullLoadSubTasks": sub_tasks},
            "Logging": {"EnableLogging": True},
        }
    )


def team_template(tasks: dict[str, str] | None = None, instance_class: str = "dms.t3.medium", **changes: Any) -> str:
    """Return a team template; ``tasks`` are TableMappings by the task's name (letters only)."""
    tasks = {"foodsearch": mappings("barcodes", "brands")} if tasks is None else tasks
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "dms.eu-west-1.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    resources: dict[str, Any] = {
        "SecretsRole": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
        "Source": {
            "Type": "AWS::DMS::Endpoint",
            "Properties": {
                "EndpointIdentifier": "sluice-local-food-fooddb",
                "EndpointType": "source",
                "EngineName": "postgres",
                "DatabaseName": "food",
                "PostgreSqlSettings": {
                    "SecretsManagerSecretId": SECRET,
                    "SecretsManagerAccessRoleArn": {"Fn::GetAtt": ["SecretsRole", "Arn"]},
                },
            },
        },
        "Instance": {
            "Type": "AWS::DMS::ReplicationInstance",
            "Properties": {
                "ReplicationInstanceIdentifier": "food-main",
                "ReplicationInstanceClass": instance_class,
                "AllocatedStorage": 50,
                "PubliclyAccessible": False,
                "ReplicationSubnetGroupIdentifier": {"Fn::ImportValue": "sluice-local-subnet-group"},
                "VpcSecurityGroupIds": [{"Fn::ImportValue": "sluice-local-security-group"}],
            },
        },
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "sluice-local-food"}},
        "TopicPolicy": {
            "Type": "AWS::SNS::TopicPolicy",
            "Properties": {
                "Topics": [{"Ref": "Topic"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "dms.amazonaws.com"},
                            "Action": "sns:Publish",
                            "Resource": {"Ref": "Topic"},
                        }
                    ],
                },
            },
        },
        "Subscription": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": "food@example.com"},
        },
        "Failures": {
            "Type": "AWS::DMS::EventSubscription",
            "Properties": {
                "SubscriptionName": "sluice-local-food",
                "SnsTopicArn": {"Ref": "Topic"},
                "SourceType": "replication-task",
                "EventCategories": ["failure"],
                "Enabled": True,
            },
        },
    }
    for name, text in tasks.items():
        resources[f"Task{name}"] = _task(name, text)
        resources[f"Latency{name}"] = _alarm(name)
    return json.dumps({"Description": "team food", "Resources": resources, **changes})


def _task(name: str, text: str) -> dict[str, Any]:
    return {
        "Type": "AWS::DMS::ReplicationTask",
        "Properties": {
            "ReplicationTaskIdentifier": f"food-{name}",
            "SourceEndpointArn": {"Ref": "Source"},
            "TargetEndpointArn": {"Fn::ImportValue": "sluice-local-lake-1min"},
            "ReplicationInstanceArn": {"Ref": "Instance"},
            "MigrationType": "full-load-and-cdc",
            "TableMappings": text,
            "ReplicationTaskSettings": settings(),
        },
    }


def _alarm(name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": f"sluice-local-food-{name}-latency",
            "Namespace": "AWS/DMS",
            "MetricName": "CDCLatencyTarget",
            "Dimensions": [
                {"Name": "ReplicationInstanceIdentifier", "Value": "food-main"},
                {
                    "Name": "ReplicationTaskIdentifier",
                    "Value": {"Fn::Select": [6, {"Fn::Split": [":", {"Ref": f"Task{name}"}]}]},
                },
            ],
            "Statistic": "Maximum",
            "Period": 300,
            "EvaluationPeriods": 3,
            "Threshold": 900,
            "ComparisonOperator": "GreaterThanThreshold",
            "AlarmActions": [{"Ref": "Topic"}],
        },
    }
