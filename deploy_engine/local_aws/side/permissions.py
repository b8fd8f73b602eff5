"""Whether a role may do something, as far as the local AWS looks: allow and deny statements of its policies."""

import json
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.side.services import RegionalServices


def role_name(arn: str) -> str:
    """Return the name of the role that ``arn`` names."""
    return arn.rpartition("/")[2]


def role_exists(side: RegionalServices, arn: str) -> bool:
    """Tell whether there is such a role."""
    try:
        found = side.client("iam").get_role(RoleName=role_name(arn))
    except ClientError:
        return False
    return bool(found["Role"]["Arn"] == arn)


def allows(side: RegionalServices, role_arn: str, action: str, resource: str) -> bool:
    """Tell whether the role's policies allow ``action`` on ``resource``; conditions are not looked at."""
    effects = {item.get("Effect") for item in role_statements(side, role_arn) if fits(item, action, resource)}
    return "Allow" in effects and "Deny" not in effects


def role_statements(side: RegionalServices, role_arn: str) -> list[dict[str, Any]]:
    """Return the statements of a role's inline and attached policies; a role that does not exist has none."""
    iam = side.client("iam")
    name = role_name(role_arn)
    try:
        inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
        documents = [iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in inline]
        for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            arn = attached["PolicyArn"]
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            documents.append(iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"])
    except ClientError:
        return []
    return [statement for document in documents for statement in listed(parsed(document).get("Statement"))]


def fits(statement: dict[str, Any], action: str, resource: str) -> bool:
    """Tell whether a statement is about ``action`` on ``resource``, whatever its conditions."""
    actions = [str(item).lower() for item in listed(statement.get("Action"))]
    resources = [str(item) for item in listed(statement.get("Resource"))]
    return any(fnmatchcase(action.lower(), item) for item in actions) and any(
        fnmatchcase(resource, item) for item in resources
    )


def parsed(document: Any) -> dict[str, Any]:
    """Return a policy document, which IAM gives as JSON or already parsed."""
    return json.loads(document) if isinstance(document, str) else dict(document)


def listed(value: Any) -> list[Any]:
    """Return a list of what a policy may give as one value or as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
