"""One statement of a policy, with the reason why it is there, and the ARNs that statements are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy_engine.config import EnvironmentFile

Conditions = Mapping[str, Mapping[str, str]]
EVERYTHING = ("*",)
"""For calls that AWS does not let narrow: those that list, and those about no resource at all."""


@dataclass(frozen=True)
class Statement:
    """``why`` is for people: IAM has no room for it."""

    sid: str
    why: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions = field(default_factory=dict)
    effect: str = "Allow"

    def as_json(self) -> dict[str, Any]:
        """The statement as IAM takes it."""
        value: dict[str, Any] = {
            "Sid": self.sid,
            "Effect": self.effect,
            "Action": sorted(self.actions),
            "Resource": sorted(self.resources),
        }
        if self.conditions:
            value["Condition"] = {operator: dict(keys) for operator, keys in self.conditions.items()}
        return value


@dataclass(frozen=True)
class Place:
    """One environment by name and file, and the ARNs of what is Sluice's there."""

    environment: str
    file: EnvironmentFile

    def arn(self, service: str, resource: str) -> str:
        """``resource`` of ``service`` in the environment's account and region."""
        return f"arn:aws:{service}:{self.file.region}:{self.file.account}:{resource}"

    def own(self, service: str, kind: str) -> str:
        """Everything of a kind that bears the environment's prefix, such as ``topic names`` and alarms."""
        return self.arn(service, f"{kind}sluice-{self.environment}-*")

    @property
    def stacks(self) -> str:
        """The base stack and every team's."""
        return self.arn("cloudformation", f"stack/sluice-{self.environment}-*/*")

    @property
    def tasks(self) -> str:
        """Replication tasks: DMS invents the ends of their ARNs, so no prefix can tell Sluice's from others."""
        return self.arn("dms", "task:*")

    @property
    def lake(self) -> str:
        """The lake bucket."""
        return f"arn:aws:s3:::{self.file.lake_bucket}"

    @property
    def templates(self) -> str:
        """The templates of this environment's stacks."""
        return f"arn:aws:s3:::{self.file.templates_bucket}/sluice-{self.environment}-*"

    @property
    def template_urls(self) -> str:
        """Where CloudFormation may be told to read a template; a local environment's endpoint has any port."""
        if self.file.endpoint_url is not None:
            return f"http*/{self.file.templates_bucket}/sluice-{self.environment}-*"
        host = f"{self.file.templates_bucket}.s3.{self.file.region}.amazonaws.com"
        return f"https://{host}/sluice-{self.environment}-*"

    @property
    def roles(self) -> str:
        """The roles that Sluice's stacks make: CloudFormation names them after the stack."""
        return f"arn:aws:iam::{self.file.account}:role/sluice-{self.environment}-*"
