"""Clients for one environment and one role: credentials by AssumeRole, timeouts, retries, a record of every call.

Nothing is asked of AWS when a session is made: the role is assumed at the first call, so that an AWS that cannot be
reached shows where it is asked, and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials
from botocore.loaders import create_loader

from deploy_engine.config import EnvironmentFile

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dms import DatabaseMigrationServiceClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

Role = Literal["planner", "deployer"]
Calls = list[tuple[str, str]]
"""Every call in order: (service, operation), such as ("cloudformation", "DescribeStacks"); retries count once."""

SESSION_NAME = "sluice"
SESSION_SECONDS = 3600
"""One hour; botocore's refreshable credentials renew them when less than 15 minutes are left."""

_LOCAL_KEY = "sluice-local"
_READING: Mapping[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 5,
    "retries": {"mode": "adaptive", "total_max_attempts": 3},
}
_ACTING: Mapping[str, Any] = {"connect_timeout": 2, "read_timeout": 3, "retries": {"total_max_attempts": 1}}
"""A mutating call is made once and within five seconds: the lease rests on it (reliability.md A3, point 6)."""

_MODELS = create_loader()
"""botocore's service models, parsed once per process instead of once per session (about 0.2 s)."""


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


class _AssumedRole(CredentialProvider):
    """Hands botocore credentials that are fetched at the first call, and again before they run out."""

    METHOD = "sluice-assume-role"

    def __init__(self, fetch: Callable[[], dict[str, str]]) -> None:
        super().__init__()
        self._fetch = fetch

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(self._fetch, self.METHOD)


class AwsSession:
    """The clients of one environment and role; close it when done. Botocore's errors come out of them untranslated."""

    def __init__(self, environment: EnvironmentFile, role: Role, endpoint: str | None = None) -> None:
        """``endpoint`` is spoken to instead of the environment's AWS, whatever else says where that is."""
        self.environment = environment
        self.endpoint = endpoint or endpoint_of(environment, os.environ)
        self.place = place_of(environment, self.endpoint)
        self.calls: Calls = []
        self._role_arn = environment.roles.planner if role == "planner" else environment.roles.deployer
        self._clients: dict[tuple[str, bool], Any] = {}
        self._own = self._botocore_session()
        if endpoint is not None or (self.endpoint is not None and not os.environ.get("AWS_ACCESS_KEY_ID")):
            self._own.set_credentials(_LOCAL_KEY, _LOCAL_KEY)
        self._assumed = self._botocore_session()
        self._assumed.register_component("credential_provider", CredentialResolver([_AssumedRole(self._assume_role)]))

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

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _botocore_session(self) -> botocore.session.Session:
        session = botocore.session.get_session()
        session.register_component("data_loader", _MODELS)
        session.register("before-call", self._record)
        return session

    def _record(self, **event: Any) -> None:
        model = event["model"]
        self.calls.append((model.service_model.service_name, model.name))

    def _config(self, *, acting: bool) -> Config:
        options = dict(_ACTING if acting else _READING)
        if self.endpoint is not None:
            options["s3"] = {"addressing_style": "path"}
        # AWS_ENDPOINT_URL in the surroundings must never redirect an environment that is AWS itself.
        options["ignore_configured_endpoint_urls"] = True
        return Config(region_name=self.environment.region, **options)

    def _client(self, service: str, *, acting: bool) -> Any:
        key = (service, acting)
        if key not in self._clients:
            self._clients[key] = self._new_client(self._assumed, service, acting=acting)
        return self._clients[key]

    def _new_client(self, session: botocore.session.Session, service: str, *, acting: bool) -> Any:
        return cast("Any", session).create_client(
            service,
            region_name=self.environment.region,
            endpoint_url=self.endpoint,
            config=self._config(acting=acting),
        )

    def _assume_role(self) -> dict[str, str]:
        sts = self._new_client(self._own, "sts", acting=False)
        try:
            answer = sts.assume_role(
                RoleArn=self._role_arn, RoleSessionName=SESSION_NAME, DurationSeconds=SESSION_SECONDS
            )
        finally:
            sts.close()
        credentials = answer["Credentials"]
        expiration: datetime = credentials["Expiration"]
        return {
            "access_key": credentials["AccessKeyId"],
            "secret_key": credentials["SecretAccessKey"],
            "token": credentials["SessionToken"],
            "expiry_time": expiration.isoformat(),
        }
