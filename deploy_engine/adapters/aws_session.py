"""Which AWS an environment and a role mean, and one session of speaking to it, with a record of every call.

Nothing is asked of AWS when a session is made: the role is assumed at the first call, so that an AWS that cannot be
reached shows where it is asked, and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlsplit

from deploy_engine.adapters.aws_clients import POOL, Clients, Place
from deploy_engine.config import EnvironmentFile

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dms import DatabaseMigrationServiceClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

Role = Literal["planner", "deployer", "none"]
"""``none`` is for a local AWS of one's own, whose owner needs no role."""
Calls = list[tuple[str, str]]
"""Every call in order: (service, operation), such as ("cloudformation", "DescribeStacks"); retries count once."""


def endpoint_of(environment: EnvironmentFile, variables: Mapping[str, str]) -> str | None:
    """Where AWS is spoken to instead of AWS itself; only an environment that has an endpoint can have it overridden."""
    if environment.endpoint_url is None:
        return None
    return variables.get("AWS_ENDPOINT_URL") or environment.endpoint_url


def place_of(environment: EnvironmentFile, endpoint: str | None) -> str:
    """Whom we speak to, for messages: never with credentials that an endpoint may hold."""
    if endpoint is None:
        return f"AWS in {environment.region}"
    parts = urlsplit(endpoint)
    return f"the local AWS at {parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


class AwsSession:
    """The clients of one environment and role, for one thread; close it when done.

    Botocore's errors come out of them untranslated.
    """

    def __init__(self, environment: EnvironmentFile, role: Role, endpoint: str | None = None) -> None:
        """``endpoint`` is spoken to instead of the environment's AWS, whatever else says where that is."""
        self.environment = environment
        self.endpoint = endpoint or endpoint_of(environment, os.environ)
        self.place = place_of(environment, self.endpoint)
        self.calls: Calls = []
        roles: dict[Role, str] = {
            "planner": environment.roles.planner,
            "deployer": environment.roles.deployer,
            "none": "",
        }
        local = endpoint is not None or (self.endpoint is not None and not os.environ.get("AWS_ACCESS_KEY_ID"))
        self._place = Place.of(environment, roles[role], self.endpoint, local=local)
        self._clients: Clients | None = None

    @property
    def cloudformation(self) -> CloudFormationClient:
        return cast("CloudFormationClient", self._client("cloudformation", acting=False))

    @property
    def cloudwatch(self) -> CloudWatchClient:
        return cast("CloudWatchClient", self._client("cloudwatch", acting=False))

    @property
    def dms(self) -> DatabaseMigrationServiceClient:
        return cast("DatabaseMigrationServiceClient", self._client("dms", acting=False))

    @property
    def s3(self) -> S3Client:
        return cast("S3Client", self._client("s3", acting=False))

    @property
    def secretsmanager(self) -> SecretsManagerClient:
        return cast("SecretsManagerClient", self._client("secretsmanager", acting=False))

    @property
    def acting_cloudformation(self) -> CloudFormationClient:
        return cast("CloudFormationClient", self._client("cloudformation", acting=True))

    @property
    def acting_dms(self) -> DatabaseMigrationServiceClient:
        return cast("DatabaseMigrationServiceClient", self._client("dms", acting=True))

    @property
    def acting_s3(self) -> S3Client:
        return cast("S3Client", self._client("s3", acting=True))

    def bear(self, fence: str) -> None:
        """Assume the role with this fence as the session's tag, from the next call on."""
        if fence != self._place.fence:
            self.close()
            self._place = self._place._replace(fence=fence)

    def seconds_left(self) -> float:
        """How long the assumed role's credentials hold; 0 before the first call."""
        return 0.0 if self._clients is None else self._clients.seconds_left()

    def close(self) -> None:
        """Hang up; whoever asks again after that begins anew."""
        if self._clients is not None:
            POOL.give_back(self._clients)
            self._clients = None

    def _client(self, service: str, *, acting: bool) -> Any:
        if self._clients is None:
            self._clients = POOL.take(self._place)
            self._clients.record = lambda service, operation: self.calls.append((service, operation))
        return self._clients.client(service, acting=acting)
