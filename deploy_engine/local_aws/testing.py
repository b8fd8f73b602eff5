"""The local AWS inside a test's own process.

    with LocalAws.start() as aws:                      # a clock that the test moves
        dms = aws.client("dms")
        dms.start_replication_task(...)                # status: starting
        aws.advance(10)                                # seconds of its clock; everything due by then has happened
        assert aws.count("dms:StartReplicationTask") == 1

moto keeps its state per process, so one process runs one local AWS at a time; entering a second one is refused.
"""

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.awsrequest import AWSRequest
from botocore.config import Config

from deploy_engine.local_aws import company, time_line
from deploy_engine.local_aws.clock import Clock, ManualClock
from deploy_engine.local_aws.faults import Fault
from deploy_engine.local_aws.gateway import Gateway
from deploy_engine.local_aws.recorder import RecordedCall
from deploy_engine.local_aws.server import Server
from deploy_engine.local_aws.timings import Timings
from deploy_engine.local_aws.world import World

REGION = "eu-west-1"
ACCOUNT = "123456789012"
_running = threading.Lock()
_NOWHERE = "http://127.0.0.1:9"
_endpoints: list[str] = [_NOWHERE]
"""Where the clients speak to, last: the one local AWS that runs."""


def _to_the_running_one(request: AWSRequest, **_event: Any) -> None:
    request.url = str(request.url).replace(_NOWHERE, _endpoints[-1], 1)


@cache
def _client(service: str, region: str) -> Any:
    """Make a client, which takes some 50 ms, once per process and not once per local AWS: tests start hundreds."""
    client = boto3.client(
        service,  # type: ignore[call-overload] # any service by name
        region_name=region,
        endpoint_url=_NOWHERE,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - names no account
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20),
    )
    client.meta.events.register_first("request-created", _to_the_running_one)  # before it is signed
    return client


class LocalAws:
    """A running local AWS and what a test does to it."""

    def __init__(self, gateway: Gateway, server: Server) -> None:
        """Use `start` instead."""
        self.gateway = gateway
        self.world: World = gateway.world
        self.endpoint_url: str = server.endpoint_url

    @classmethod
    @contextmanager
    def start(
        cls,
        clock: Clock | None = None,
        timings: Timings | None = None,
        account: str = ACCOUNT,
        *,
        check_responses: bool = True,
    ) -> Iterator["LocalAws"]:
        """Run an empty local AWS on a free port of 127.0.0.1 until the block ends.

        ``clock`` is a new `ManualClock` unless given; with a `WallClock` time passes by itself. With
        ``check_responses`` the end of the block fails if the local AWS answered what AWS could not have answered.
        """
        if not _running.acquire(blocking=False):
            raise RuntimeError("one process can run one local AWS at a time")
        world = None
        try:
            clock = clock or ManualClock()
            world = World(clock, timings or Timings(), account)
            world.side.reset()
            gateway = Gateway(world, check_responses=check_responses)
            with Server(gateway, ticking=not isinstance(clock, ManualClock)) as server:
                _endpoints.append(server.endpoint_url)
                yield cls(gateway, server)
            if gateway.broken:
                raise AssertionError(f"the local AWS broke its contract: {gateway.broken}")
        finally:
            del _endpoints[1:]
            if world is not None:
                world.databases.close()
            _running.release()

    @property
    def clock(self) -> Clock:
        """Return the clock that this local AWS goes by."""
        return self.world.clock

    def advance(self, seconds: float) -> None:
        """Move the manual clock ahead; everything that falls due has happened when this returns."""
        if not isinstance(self.clock, ManualClock):
            raise TypeError("only a ManualClock can be moved")
        with self.world.lock:
            time_line.advance(self.world)
            self.clock.advance(seconds)
            time_line.advance(self.world)

    def client(self, service: str, region: str = REGION) -> Any:
        """Return a boto3 client that speaks to this local AWS over HTTP, without retries; the same one each time.

        It is the same for the next local AWS of the process too, and then speaks to that one.
        """
        return _client(service, region)

    def calls(self) -> list[RecordedCall]:
        """Return the calls answered so far, oldest first."""
        return self.world.recorder.calls()

    def count(self, name: str) -> int:
        """Return how often an operation, given as ``service:Operation``, was called."""
        return sum(f"{call.service}:{call.operation}" == name for call in self.calls())

    def forget_calls(self) -> None:
        """Begin to count calls anew."""
        self.world.recorder.clear()

    def fault(self, kind: str, **members: Any) -> None:
        """Put a fault in force: see `faults.py` for the kinds and their members."""
        self.world.faults.add(Fault.parse({"kind": kind, **members}))

    def clear_faults(self) -> None:
        """End all faults."""
        self.world.faults.clear()

    def behave(self, **switches: bool) -> None:
        """Set switches: see `behaviours.py`."""
        self.world.behaviours.change(switches)

    def missing_tables(self, secret: str, *tables: tuple[str, str]) -> None:
        """Let the source behind ``secret`` lack ``tables``, given as (schema, table)."""
        with self.world.lock:
            self.world.sources.at(secret).missing |= set(tables)

    def source_table(self, secret: str, schema: str, table: str, rows: int) -> None:
        """Let the source behind ``secret`` have a table of so many rows."""
        with self.world.lock:
            self.world.sources.at(secret).known[schema, table] = rows

    def prepare_company(self, directory: Path, environment: str) -> None:
        """Create what a company has before Sluice comes, as the command line's ``--company`` does."""
        with self.world.lock:
            company.prepare(self.world, company.read(directory, environment))

    def reset(self) -> None:
        """Forget everything but the clock."""
        self.world.reset()

    def control(self, method: str, name: str, body: dict[str, Any] | None = None) -> Any:
        """Call the control endpoint ``/_sluice/<name>`` over HTTP and return its answer."""
        request = urllib.request.Request(  # noqa: S310 - the address is the server's own
            f"{self.endpoint_url}/_sluice/{name}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - as above
            return json.loads(response.read())
