"""Sluice's own adapters over a local AWS in this process; faults strike between botocore and its answer.

What a fault does is what the network does: a throttle is answered, a timeout and a reset connection are botocore's own
errors, before or after the call had its effect. Calls are answered without a socket, or over HTTP by the same local
AWS's server; then a reset connection is one that the server really drops.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any, cast

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.httpsession import URLLib3Session

from deploy_engine.adapters.aws_clients import Clients, Place
from deploy_engine.adapters.aws_credentials import ASSUMED, Metadata
from deploy_engine.adapters.aws_session import AwsSession, Role
from deploy_engine.config import EnvironmentFile
from deploy_engine.local_aws.faults import Fault as Rule
from deploy_engine.local_aws.gateway import Gateway
from deploy_engine.local_aws.in_process import InProcess
from tests.engine.execution.faults import Crash, DatabaseFails

ENDPOINT = "http://localhost:4566"


class Fault(Enum):
    """What goes wrong at a call of AWS, or at a commit of the journal."""

    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    THROTTLE = "throttle"
    TIMEOUT_BEFORE = "timeout before the effect"
    TIMEOUT_AFTER = "timeout after the effect"
    RESET = "connection reset"
    BROKEN_BEFORE = "the database fails before the commit"
    BROKEN_AFTER = "the database fails after the commit"


CRASHES = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER)
AT_A_CALL = (*CRASHES, Fault.THROTTLE, Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.RESET)
AT_A_COMMIT = (*CRASHES, Fault.BROKEN_BEFORE, Fault.BROKEN_AFTER)


@dataclass
class Strikes:
    """Counts what a deployment does outside of itself, over all processes, and strikes at the scheduled numbers."""

    schedule: dict[int, Fault] = field(default_factory=dict)
    met: list[str] = field(default_factory=list)
    watch: Callable[[str, Any], Callable[[Any], None]] = lambda _name, _request: lambda _answer: None
    """Asked before each call with its request; what it gives is told the answer."""

    dead: bool = False

    @property
    def points(self) -> list[tuple[int, Fault]]:
        return [
            (number, fault)
            for number, name in enumerate(self.met)
            for fault in (AT_A_CALL if ":" in name else AT_A_COMMIT)
        ]

    def meet(
        self,
        name: str,
        act: Callable[[], Any],
        instead: Mapping[Fault, Callable[[], Any]] = MappingProxyType({}),
        request: Any = None,
    ) -> Any:
        """Do ``act``, and what the schedule says; ``name`` has a colon where it is a call of AWS.

        ``instead`` are the faults that are made by whoever answers.
        """
        if self.dead:
            raise Crash
        number = len(self.met)
        self.met.append(name)
        fault = self.schedule.get(number)
        if fault is not None and fault in instead:
            return instead[fault]()
        self._before(fault)
        seen = self.watch(name, request)
        result = act()
        seen(result)
        self._after(fault)
        return result

    def _before(self, fault: Fault | None) -> None:
        if fault is Fault.CRASH_BEFORE:
            self.dead = True
            raise Crash
        if fault is Fault.TIMEOUT_BEFORE:
            raise ReadTimeoutError(endpoint_url=ENDPOINT)
        if fault is Fault.RESET:
            raise ConnectionClosedError(endpoint_url=ENDPOINT)
        if fault is Fault.BROKEN_BEFORE:
            raise DatabaseFails("database is locked")

    def _after(self, fault: Fault | None) -> None:
        if fault is Fault.CRASH_AFTER:
            self.dead = True
            raise Crash
        if fault is Fault.TIMEOUT_AFTER:
            raise ReadTimeoutError(endpoint_url=ENDPOINT)
        if fault is Fault.BROKEN_AFTER:
            raise DatabaseFails("the connection was lost")


class _Clients(Clients):
    """Clients that send nothing, and try once, so that every fault reaches the engine."""

    def __init__(self, place: Place, gateway: Gateway, strikes: Callable[[], Strikes], *, over_http: bool) -> None:
        self._answer: Callable[[Any], AWSResponse] = URLLib3Session().send if over_http else InProcess(gateway)
        self._over_http = over_http
        self._gateway = gateway
        self._strikes = strikes
        self._sts: Any = None
        super().__init__(place)

    def _botocore_session(self) -> botocore.session.Session:
        session = super()._botocore_session()
        session.register("before-send", cast("Any", self._struck))  # its answer is what is sent
        return session

    def _struck(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        service, operation = event_name.split(".")[1:3]

        def met_by(kind: str) -> AWSResponse:
            self._gateway.world.faults.add(Rule.parse({"kind": kind}))
            return self._answer(request)

        cut = {Fault.RESET: lambda: met_by("drop-before")} if self._over_http else {}
        instead = {Fault.THROTTLE: lambda: met_by("throttle"), **cut}
        name = f"{service}:{operation}"
        answer: AWSResponse = self._strikes().meet(name, lambda: self._answer(request), instead, request)
        return answer

    def _new_client(self, session: botocore.session.Session, service: str, *, acting: bool) -> Any:
        """The one for STS is kept: it takes longer to make than to ask, and every process that dies asks again."""
        if service != "sts":
            return super()._new_client(session, service, acting=acting)
        if self._sts is None:
            self._sts = super()._new_client(session, service, acting=acting)
        return self._sts

    def _config(self, *, acting: bool) -> Config:
        once = Config(retries={"total_max_attempts": 1})
        return super()._config(acting=acting).merge(once)


class InProcessSession(AwsSession):
    """A session whose AWS is in this process."""

    def __init__(
        self,
        environment: EnvironmentFile,
        role: Role,
        gateway: Gateway,
        strikes: Callable[[], Strikes],
        address: str = "",
    ) -> None:
        """``address``: where the local AWS's server is, for calls over HTTP."""
        super().__init__(environment, role, address or ENDPOINT)
        self._in_process = _Clients(self._place, gateway, strikes, over_http=bool(address))
        self._in_process.record = lambda service, operation: self.calls.append((service, operation))
        self._clients = self._in_process

    def forget(self) -> None:
        """Begin anew, as another process does: without credentials."""
        ASSUMED.forget(self._place)
        self._in_process._role.credentials.forget()

    @property
    def credentials(self) -> Metadata | None:
        """What this process was given for its role."""
        return ASSUMED._held.get(self._place)

    def go_on_with(self, credentials: Metadata | None) -> None:
        """Be the process again that was given these, just now: how long they hold is counted in this machine's time."""
        self.forget()
        if credentials is not None:
            until = datetime.now(UTC) + timedelta(hours=1)
            ASSUMED._held[self._place] = {**credentials, "expiry_time": until.isoformat()}
