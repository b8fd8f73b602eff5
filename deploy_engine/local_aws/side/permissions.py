"""Whether a role may do something, as far as the local AWS looks: allow and deny statements of its inline policies."""

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
    """Tell whether the role's inline policies allow ``action`` on ``resource``; conditions are not looked at."""
    iam = side.client("iam")
    name = role_name(role_arn)
    try:
        policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
        documents = [iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in policies]
    except ClientError:
        return False
    effects = {
        statement.get("Effect")
        for document in documents
        for statement in _listed(_parsed(document).get("Statement"))
        if _fits(statement, action, resource)
    }
    return "Allow" in effects and "Deny" not in effects


def _fits(statement: dict[str, Any], action: str, resource: str) -> bool:
    actions = [str(item).lower() for item in _listed(statement.get("Action"))]
    resources = [str(item) for item in _listed(statement.get("Resource"))]
    return any(fnmatchcase(action.lower(), item) for item in actions) and any(
        fnmatchcase(resource, item) for item in resources
    )


def _parsed(document: Any) -> dict[str, Any]:
    return json.loads(document) if isinstance(document, str) else dict(document)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
