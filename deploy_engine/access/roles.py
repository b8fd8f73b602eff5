"""The three roles as IAM takes them: who may assume each, for how long, and what it may then do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deploy_engine.access.cloudformation import cloudformation
from deploy_engine.access.deployer import CLOUDFORMATION, deployer
from deploy_engine.access.external_id import external_id
from deploy_engine.access.planner import planner
from deploy_engine.access.statement import Place, Statement

VERSION = "2012-10-17"
SESSION_SECONDS = 3600
"""The longest that a session of any of the roles lasts (docs/iam.md)."""

ROLES: Mapping[str, Callable[[Place], tuple[Statement, ...]]] = {
    "planner": planner,
    "deployer": deployer,
    "cloudformation": cloudformation,
}
"""The roles by their keys in the environment's file."""


@dataclass(frozen=True)
class RoleDocuments:
    """One role, ready for ``iam create-role`` and ``iam put-role-policy``."""

    arn: str
    trust: dict[str, Any]
    policy: dict[str, Any]
    session_seconds: int = SESSION_SECONDS

    def as_json(self) -> dict[str, Any]:
        """The documents under the names that IAM's calls have for them."""
        return {
            "Arn": self.arn,
            "MaxSessionDuration": self.session_seconds,
            "AssumeRolePolicyDocument": self.trust,
            "PolicyDocument": self.policy,
        }


def role_documents(place: Place, *, trusted: str = "") -> dict[str, RoleDocuments]:
    """The three roles of an environment by their keys.

    ``trusted`` is the ARN of whom the portal runs as; without it, the environment's account itself says who may.
    """
    who = trusted or f"arn:aws:iam::{place.file.account}:root"
    arns = place.file.roles.model_dump()
    return {
        key: RoleDocuments(
            arn=arns[key],
            trust=_of_cloudformation(place) if key == "cloudformation" else _of_the_portal(place, who),
            policy=_document(statement.as_json() for statement in statements(place)),
        )
        for key, statements in ROLES.items()
    }


def _of_the_portal(place: Place, who: str) -> dict[str, Any]:
    return _document(
        [
            {
                "Effect": "Allow",
                "Principal": {"AWS": who},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": external_id(place.file)}},
            }
        ]
    )


def _of_cloudformation(place: Place) -> dict[str, Any]:
    return _document(
        [
            {
                "Effect": "Allow",
                "Principal": {"Service": CLOUDFORMATION},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": place.file.account}},
            }
        ]
    )


def _document(statements: Any) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": list(statements)}
