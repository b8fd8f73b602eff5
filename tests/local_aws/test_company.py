"""What a company has before Sluice comes, made from its config repository."""

import json
from pathlib import Path
from typing import Any

from deploy_engine.local_aws.side import network
from deploy_engine.local_aws.testing import LocalAws

ENVIRONMENT = {
    "account": "123456789012",
    "region": "eu-west-1",
    "lake_bucket": "a-lake",
    "templates_bucket": "a-templates",
    "network": {"vpc": "vpc-0aaaaaaaaaaaaaaaa", "subnets": ["subnet-0000000000000000c", "subnet-0000000000000000d"]},
    "roles": {
        "planner": "arn:aws:iam::123456789012:role/sluice-planner",
        "cloudformation": "arn:aws:iam::123456789012:role/deep/down/by-cloudformation",
    },
    "endpoint_url": "http://127.0.0.1:4566",
}
TEAM = {
    "sources": {
        "fooddb": {
            "engine": "postgres",
            "database": "food",
            "secret": "sluice/food/fooddb",
            "catalogue_secret": "sluice/food/fooddb-catalogue",
        }
    }
}


def _write(path: Path, body: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(body))


def test_prepare__config_repository__makes_all_that_it_names_and_twice_changes_nothing(
    aws: LocalAws, tmp_path: Path
) -> None:
    folder = tmp_path / "environments" / "local"
    _write(folder / "environment.json", ENVIRONMENT)
    _write(folder / "teams" / "food" / "team.json", TEAM)
    aws.prepare_company(tmp_path, "local")
    aws.client("s3").put_object(Bucket="a-lake", Key="k", Body=b"x")
    aws.prepare_company(tmp_path, "local")

    assert aws.client("s3").list_objects_v2(Bucket="a-lake")["KeyCount"] == 1
    subnets = aws.client("ec2").describe_subnets(SubnetIds=ENVIRONMENT["network"]["subnets"])["Subnets"]  # type: ignore[index] # a literal above
    assert {subnet["VpcId"] for subnet in subnets} == {"vpc-0aaaaaaaaaaaaaaaa"}
    assert len({subnet["AvailabilityZone"] for subnet in subnets}) == 2
    iam = aws.client("iam")
    assert iam.get_role(RoleName="by-cloudformation")["Role"]["Arn"] == ENVIRONMENT["roles"]["cloudformation"]  # type: ignore[index] # the same
    assert iam.get_role(RoleName="dms-vpc-role")["Role"]["Arn"].endswith(":role/dms-vpc-role")
    secrets = aws.client("secretsmanager")
    content = json.loads(secrets.get_secret_value(SecretId="sluice/food/fooddb")["SecretString"])
    assert (content["host"], content["port"]) == ("127.0.0.1", 5432)
    assert secrets.describe_secret(SecretId="sluice/food/fooddb-catalogue")


def test_network__ids_of_our_own__exist_and_later_ids_are_invented_again(aws: LocalAws) -> None:
    network.create("123456789012", "eu-west-1", "vpc-0bbbbbbbbbbbbbbbb", ("subnet-0000000000000000e",))
    ec2 = aws.client("ec2")
    assert ec2.describe_vpcs(VpcIds=["vpc-0bbbbbbbbbbbbbbbb"])["Vpcs"][0]["State"] == "available"
    another = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    assert another not in ("vpc-0bbbbbbbbbbbbbbbb", "")
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId="vpc-0bbbbbbbbbbbbbbbb")["GroupId"]
    assert group.startswith("sg-")
