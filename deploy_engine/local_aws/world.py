"""All that one local AWS holds: an account, a clock, and per region the state of DMS and CloudFormation.

One lock lies around every request and every step of the engines, so that no handler has to think about threads.
"""

import threading
from dataclasses import dataclass, field
from typing import Any

from deploy_engine.local_aws.behaviours import Behaviours
from deploy_engine.local_aws.clock import Clock
from deploy_engine.local_aws.cloudformation.state import CloudFormationState
from deploy_engine.local_aws.dms.sources.postgres.connections import Connections
from deploy_engine.local_aws.dms.sources.synthetic import SyntheticDatabases
from deploy_engine.local_aws.dms.state import DmsState
from deploy_engine.local_aws.faults import Faults
from deploy_engine.local_aws.recorder import Recorder
from deploy_engine.local_aws.side.services import RegionalServices, SideServices
from deploy_engine.local_aws.side.sessions import Sessions
from deploy_engine.local_aws.timings import Timings


@dataclass
class Region:
    """The state of one region; ``world`` leads back to what is shared."""

    world: "World"
    name: str
    dms: DmsState = field(default_factory=DmsState)
    cloudformation: CloudFormationState = field(default_factory=CloudFormationState)

    @property
    def now(self) -> float:
        """Return the moment that the engines have reached."""
        return self.world.reached

    @property
    def timings(self) -> Timings:
        """Return how long things take."""
        return self.world.timings

    @property
    def side(self) -> RegionalServices:
        """Return the side services (S3, IAM and so on) of this region."""
        return self.world.side.at(self.name)

    def shown(self, moment: float) -> float:
        """Return a moment of the world as the time that is told outside."""
        return self.world.clock.shown(moment)

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of ``resource`` in this account and region."""
        return f"arn:aws:{service}:{self.name}:{self.world.account}:{resource}"


class World:
    """The whole local AWS, without its HTTP server."""

    def __init__(self, clock: Clock, timings: Timings, account: str = "123456789012") -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.timings = timings
        self.account = account
        self.reached = clock.now()
        self.regions: dict[str, Region] = {}
        self.sources = SyntheticDatabases()
        self.databases = Connections()
        self.keeps_state = False
        """Whether a saved state is what a restart goes on from, so that only what is in it may be acknowledged."""
        self.faults = Faults()
        self.recorder = Recorder()
        self.behaviours = Behaviours()
        self.sessions = Sessions()
        self.statements: dict[str, list[dict[str, Any]]] = {}
        """What the policies of roles say, by their ARNs, as far as it was asked since somebody last called IAM."""
        self.side = SideServices(account)

    def region(self, name: str) -> Region:
        """Return the region ``name``, empty at first."""
        if name not in self.regions:
            self.regions[name] = Region(self, name)
        return self.regions[name]

    def reset(self) -> None:
        """Forget everything but the clock and the settings."""
        with self.lock:
            self.regions.clear()
            self.sources = SyntheticDatabases()
            self.faults = Faults()
            self.recorder = Recorder()
            self.behaviours = Behaviours()
            self.sessions = Sessions()
            self.statements = {}
            self.side.reset()
