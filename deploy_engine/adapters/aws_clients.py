"""The boto3 clients of one environment and role, and a pool of them for the process.

Making a client takes some 50 ms of processor time, which a deployment would spend at every look. So a session takes a
set of clients from the pool and gives it back at its end: no two sessions use one set at a time, and each knows which
calls it made. Connections do not outlive the session: a mutating call, which is never repeated, must not meet one that
AWS has closed meanwhile.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast

import botocore.session
from botocore.config import Config
from botocore.credentials import CredentialResolver
from botocore.loaders import create_loader

from deploy_engine.access import external_id
from deploy_engine.adapters.aws_credentials import ASSUMED, REVOKED, AssumedRole, Metadata
from deploy_engine.adapters.aws_errors import THROTTLES
from deploy_engine.adapters.clock import system_now
from deploy_engine.config import EnvironmentFile
from deploy_engine.execution.facts import TAG_FENCE

SESSION_NAME = "sluice"
SESSION_SECONDS = 3600
MOST_IDLE = 16
"""Sets of clients that wait for their next session; the longest idle goes first."""

_LOCAL_KEY = "sluice-local"
_READING: Mapping[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 5,
    "retries": {"mode": "adaptive", "total_max_attempts": 3},
}
_ACTING: Mapping[str, Any] = {"connect_timeout": 2, "read_timeout": 3, "retries": {"total_max_attempts": 1}}
"""A mutating call is made once and within five seconds: the lease rests on it (docs/reliability.md, rule 6)."""

_MODELS = create_loader()
"""botocore's service models, parsed once per process instead of once per session (about 0.2 s)."""


class Place(NamedTuple):
    """Whose clients these are. ``base`` names the credentials that the role is assumed with, as far as variables do;
    ``fence`` is what its sessions bear as the tag ``sluice-fence``, "" for none.
    """

    region: str
    role_arn: str
    endpoint: str | None
    base: tuple[str | None, ...]
    external_id: str = ""
    fence: str = ""

    @staticmethod
    def of(file: EnvironmentFile, role_arn: str, endpoint: str | None, *, local: bool) -> Place:
        """``local``: the local AWS is spoken to with a key that everybody has, whatever the surroundings say.

        Without a role, calls are made with that key itself.
        """
        names = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
        base = () if local else tuple(os.environ.get(name) for name in names)
        return Place(file.region, role_arn, endpoint, base, external_id(file))


class Clients:
    """Clients by service, for reading or for acting. ``record`` is told of every call, AssumeRole included."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.record: Callable[[str, str], None] = lambda service, operation: None
        self.fit_for_more = True
        self._clients: dict[tuple[str, bool], Any] = {}
        self._own = self._botocore_session()
        if not place.base:
            self._own.set_credentials(_LOCAL_KEY, _LOCAL_KEY)
        self._expires: datetime | None = None
        self._role = AssumedRole(self._credentials)
        self._assumed = self._botocore_session()
        self._assumed.register_component("credential_provider", CredentialResolver([self._role]))

    def client(self, service: str, *, acting: bool) -> Any:
        """The client for ``service``, made when it is first asked for."""
        key = (service, acting)
        if key not in self._clients:
            session = self._assumed if self.place.role_arn else self._own
            self._clients[key] = self._new_client(session, service, acting=acting)
        return self._clients[key]

    def seconds_left(self) -> float:
        """How long the assumed role's credentials hold; 0 before the first call."""
        return 0.0 if self._expires is None else (self._expires - system_now()).total_seconds()

    def hang_up(self) -> None:
        """Close every connection; the clients open new ones when they are used again."""
        for client in self._clients.values():
            client.close()

    def _botocore_session(self) -> botocore.session.Session:
        session = botocore.session.get_session()
        session.register_component("data_loader", _MODELS)
        session.register("before-call", self._before_call)
        session.register("after-call", self._after_call)
        return session

    def _before_call(self, **event: Any) -> None:
        model = event["model"]
        self.record(model.service_model.service_name, model.name)

    def _after_call(self, **event: Any) -> None:
        code = str(event["parsed"].get("Error", {}).get("Code", ""))
        if code in REVOKED:
            ASSUMED.forget(self.place)
            self._role.credentials.forget()
        if code in THROTTLES:
            self.fit_for_more = False  # botocore would hold back whoever uses these clients next

    def _config(self, *, acting: bool) -> Config:
        options = dict(_ACTING if acting else _READING)
        if self.place.endpoint is not None:
            options["s3"] = {"addressing_style": "path"}
        # AWS_ENDPOINT_URL in the surroundings must never redirect an environment that is AWS itself.
        options["ignore_configured_endpoint_urls"] = True
        return Config(region_name=self.place.region, **options)

    def _new_client(self, session: botocore.session.Session, service: str, *, acting: bool) -> Any:
        return cast("Any", session).create_client(
            service,
            region_name=self.place.region,
            endpoint_url=self.place.endpoint,
            config=self._config(acting=acting),
        )

    def _credentials(self) -> Metadata:
        held = ASSUMED.credentials(self.place, self._assume_role)
        self._expires = datetime.fromisoformat(held["expiry_time"])
        return held

    def _assume_role(self) -> Metadata:
        sts = self._new_client(self._own, "sts", acting=False)
        try:
            answer = sts.assume_role(
                RoleArn=self.place.role_arn,
                RoleSessionName=SESSION_NAME,
                DurationSeconds=SESSION_SECONDS,
                ExternalId=self.place.external_id,
                Tags=[{"Key": TAG_FENCE, "Value": self.place.fence}] if self.place.fence else [],
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


class ClientPool:
    """Sets of clients that no session uses just now."""

    def __init__(self, most_idle: int = MOST_IDLE) -> None:
        self._idle: deque[Clients] = deque(maxlen=most_idle)
        self._lock = threading.Lock()

    def take(self, place: Place) -> Clients:
        """Clients for this session alone, until it gives them back."""
        with self._lock:
            found = next((clients for clients in reversed(self._idle) if clients.place == place), None)
            if found is not None:
                self._idle.remove(found)
                return found
        return Clients(place)

    def give_back(self, clients: Clients) -> None:
        """The session is over."""
        clients.hang_up()
        clients.record = lambda service, operation: None
        if clients.fit_for_more:
            with self._lock:
                self._idle.append(clients)


POOL = ClientPool()
"""This process's."""
