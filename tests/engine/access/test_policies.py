"""The three roles' policies by themselves: narrow, and for CloudFormation as its resource types have it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from deploy_engine.access import ROLES, Place, role_documents
from deploy_engine.access.documentation import access_page
from deploy_engine.rendering import render
from tests.engine.example_company import example_company, example_subjects

ROOT = Path(__file__).parents[3]
INLINE_POLICY_CHARACTERS = 10_240
"""IAM's quota for all inline policies of a role, blanks not counted (IAM User Guide, quotas)."""

PLACES = [Place(name, environment.file) for name, environment in example_company().environments.items()]
UNNARROWED = {
    "cloudformation:ListImports",
    "cloudformation:ValidateTemplate",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricData",
    "dms:DescribeAccountAttributes",
    "dms:DescribeConnections",
    "dms:DescribeEndpoints",
    "dms:DescribeEventSubscriptions",
    "dms:DescribeReplicationInstances",
    "dms:DescribeReplicationSubnetGroups",
    "dms:DescribeReplicationTasks",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInstances",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
}
"""Actions for which AWS has no narrower resource than everything (Service Authorization Reference)."""

NOT_USED_BY_TEMPLATES = {
    "kms:": "no key of its own is named",
    "rds:": "sources are reached through their secrets, not found by RDS",
    "redshift:": "the lake is S3",
    "iam:AttachRolePolicy": "roles have inline policies only",
    "iam:DetachRolePolicy": "the same",
    "iam:DeleteRolePermissionsBoundary": "no boundary is set",
    "iam:PutRolePermissionsBoundary": "no boundary is set",
    "iam:ListRoles": "only listing a whole account needs it",
    "ec2:AuthorizeSecurityGroupIngress": "nothing connects to an instance",
    "ec2:RevokeSecurityGroupIngress": "nothing connects to an instance",
    "ec2:UpdateSecurityGroupRuleDescriptionsIngress": "nothing connects to an instance",
    "sns:PutDataProtectionPolicy": "no such policy is set",
}
"""What the handlers name and Sluice's templates never make them do, with the reason."""

OF_AN_INSTANCE = {
    "dms:CreateReplicationInstance",
    "dms:ModifyReplicationInstance",
    "dms:DeleteReplicationInstance",
    "dms:DescribeReplicationInstances",
}
"""The one type whose schema names no permissions; these are DMS's own calls for it."""

AS_WHOEVER_CALLS_DMS = {"ec2:DescribeAvailabilityZones", "ec2:DescribeSubnets", "ec2:DescribeVpcs"}
"""What DMS looks up in the caller's name (DMS User Guide, "IAM permissions needed to use AWS DMS")."""


def _statements(key: str, place: Place = PLACES[0]) -> list[dict[str, Any]]:
    return list(role_documents(place)[key].policy["Statement"])


def _allowed(statements: Iterable[dict[str, Any]]) -> set[str]:
    return {action for item in statements if item["Effect"] == "Allow" for action in item["Action"]}


def test_page__docs_iam__is_what_the_policies_say() -> None:
    assert (ROOT / "docs" / "iam.md").read_text(encoding="utf-8") == access_page()


@pytest.mark.parametrize("key", ROLES)
def test_policy__any_role__no_wildcard_among_actions_and_everything_only_where_aws_cannot_narrow(key: str) -> None:
    for place in PLACES:
        for item in _statements(key, place):
            assert not [action for action in item["Action"] if "*" in action]
            if "*" in item["Resource"]:
                assert set(item["Action"]) <= UNNARROWED


@pytest.mark.parametrize("key", ROLES)
def test_policy__any_role__never_deletes_from_the_lake_nor_reloads(key: str) -> None:
    allowed = _allowed(_statements(key))
    assert not {action for action in allowed if action.startswith("s3:Delete")}
    assert not {action for action in allowed if "Reload" in action}
    deny = next(item for item in _statements(key) if item["Effect"] == "Deny")
    lake = f"arn:aws:s3:::{PLACES[0].file.lake_bucket}"
    assert "s3:DeleteObject" in deny["Action"]
    assert deny["Resource"] == [lake, f"{lake}/*"]


@pytest.mark.parametrize("key", ROLES)
def test_policy__any_role__fits_into_one_inline_policy(key: str) -> None:
    policy = role_documents(PLACES[0])[key].policy
    assert len(json.dumps(policy, separators=(",", ":"))) < INLINE_POLICY_CHARACTERS


def test_planner__every_action__reads() -> None:
    verbs = ("Describe", "List", "Get", "Validate")
    assert all(action.split(":")[1].startswith(verbs) for action in _allowed(_statements("planner")))


def test_deployer__what_it_may_not__is_not_there() -> None:
    allowed = _allowed(_statements("deployer"))
    assert not {action for action in allowed if action.startswith(("dms:Create", "dms:Modify", "dms:Delete"))}
    assert not {action for action in allowed if action.startswith("iam:")} - {"iam:PassRole"}


def test_trust__portal_roles__want_the_external_id_and_last_an_hour() -> None:
    documents = role_documents(PLACES[0], trusted="arn:aws:iam::123456789012:role/portal")
    for key in ("planner", "deployer"):
        (statement,) = documents[key].trust["Statement"]
        assert statement["Principal"] == {"AWS": "arn:aws:iam::123456789012:role/portal"}
        assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "sluice-123456789012-eu-west-1"}}
        assert documents[key].session_seconds == 3600
    (own,) = documents["cloudformation"].trust["Statement"]
    assert own["Principal"] == {"Service": "cloudformation.amazonaws.com"}


def test_cloudformation__actions_of_the_templates_types__all_are_there_and_no_others() -> None:
    types = {
        resource["Type"]
        for subject in example_subjects()
        for resource in render(subject).template["Resources"].values()
    }
    demanded = OF_AN_INSTANCE | AS_WHOEVER_CALLS_DMS
    for kind in types:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", kind).schema
        handlers = schema.get("handlers", {})
        assert handlers or kind == "AWS::DMS::ReplicationInstance"
        demanded |= {
            action
            for verb in ("create", "read", "update", "delete")
            for action in handlers.get(verb, {}).get("permissions", ())
            if not action.startswith(tuple(NOT_USED_BY_TEMPLATES))
        }
    assert _allowed(_statements("cloudformation")) == demanded
