"""An environment file: one AWS account and region, with what exists there before Sluice."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from deploy_engine.config.names import BucketName, problem
from deploy_engine.config.strict_model import StrictModel

_ROLE_ARN = r"arn:aws:iam::([0-9]{12}):role/[A-Za-z0-9+=,.@_/-]{1,128}"
_HOST_SUFFIX = re.compile(r"\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_ENDPOINT_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?")


def _check_host_suffix(text: str) -> str:
    if not _HOST_SUFFIX.fullmatch(text):
        allowed = "the end of a host name such as .db.example.internal"
        raise problem(f"{text[:60]!r} is no host suffix", allowed, f"use {allowed}")
    return text


def _check_endpoint_url(text: str) -> str:
    if not _ENDPOINT_URL.fullmatch(text):
        raise problem(f"{text[:60]!r} is no endpoint URL", "http(s)://host[:port]", "use http(s)://host[:port]")
    return text


class Network(StrictModel):
    """The VPC and at least two subnets, in two availability zones, that replication instances live in."""

    vpc: Annotated[str, Field(pattern=r"^vpc-[0-9a-f]{8,17}$")]
    subnets: Annotated[
        tuple[Annotated[str, Field(pattern=r"^subnet-[0-9a-f]{8,17}$")], ...], Field(strict=False, min_length=2)
    ]


class Roles(StrictModel):
    """The three roles of an environment, as ARNs: who reads, who deploys, and as whom CloudFormation acts."""

    planner: Annotated[str, Field(pattern=f"^{_ROLE_ARN}$")]
    deployer: Annotated[str, Field(pattern=f"^{_ROLE_ARN}$")]
    cloudformation: Annotated[str, Field(pattern=f"^{_ROLE_ARN}$")]


class EnvironmentFile(StrictModel):
    """One AWS account and region; ``endpoint_url`` exists in the local one only."""

    account: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")]
    lake_bucket: BucketName
    templates_bucket: BucketName
    network: Network
    roles: Roles
    allowed_host_suffixes: Annotated[
        tuple[Annotated[str, AfterValidator(_check_host_suffix)], ...], Field(strict=False)
    ]
    endpoint_url: Annotated[str, AfterValidator(_check_endpoint_url)] | None = None

    @model_validator(mode="after")
    def _templates_apart_from_the_lake(self) -> Self:
        if self.lake_bucket == self.templates_bucket:
            allowed = "two different buckets"
            raise problem("templates_bucket is the lake", allowed, "name another bucket for the templates")
        return self
