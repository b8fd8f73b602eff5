"""Keeps the state over restarts: one file, and beside it the version that wrote it.

moto's objects are saved as they are, which only the same version of moto, Python and Sluice can read back: any other
file is put aside and the local AWS starts empty.
"""

import hashlib
import json
import os
import pickle
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import moto
from moto import backends

from deploy_engine.local_aws.clock import WallClock
from deploy_engine.local_aws.dms import acknowledging
from deploy_engine.local_aws.side.services import SERVICES
from deploy_engine.local_aws.world import Region, World

FORMAT = 2
STATE, VERSION = "state.pickle", "version.json"
PACKAGE = "deploy_engine.local_aws"
SAVED = frozenset(
    f"{PACKAGE}.{name}"
    for name in (
        "alarms.series",
        "behaviours",
        "cloudformation.state",
        "dms.sources.synthetic",
        "dms.state",
        "side.sessions",
    )
)
"""The modules whose dataclasses are in a saved state."""


def save(world: World, directory: Path) -> None:
    """Write the state into ``directory``, whole or not at all; then sources may forget what is in it."""
    directory.mkdir(parents=True, exist_ok=True)
    with world.lock:
        content = pickle.dumps(_content(world))
        positions = acknowledging.positions(world)
    _write(directory / STATE, content)
    _write(directory / VERSION, json.dumps(_version(world)).encode())
    acknowledging.acknowledge(world, positions)


def restore(world: World, directory: Path) -> str:
    """Read the state back if this version can; return in words what was done."""
    try:
        version = json.loads((directory / VERSION).read_text("utf-8"))
        if version != _version(world):
            return f"the saved state is of another version ({version}): starting empty"
        content = pickle.loads((directory / STATE).read_bytes())  # noqa: S301 - a file of our own, in our directory
        _put_back(world, content)
    except FileNotFoundError:
        return "there is no saved state: starting empty"
    except Exception as error:
        world.reset()
        return f"the saved state cannot be read ({error!r}): starting empty"
    return "the saved state was restored"


def _content(world: World) -> dict[str, Any]:
    return {
        "reached": world.reached,
        "stretches": world.clock.stretches if isinstance(world.clock, WallClock) else [],
        "regions": {name: (region.dms, region.cloudformation) for name, region in world.regions.items()},
        "sources": world.sources,
        "sessions": world.sessions,
        "behaviours": world.behaviours,
        "moto": {name: _plain(_holder(name)) for name in SERVICES.values()},
        "bucket_accounts": dict(_holder("s3").bucket_accounts),
    }


def _put_back(world: World, content: dict[str, Any]) -> None:
    with world.lock:
        for name, (dms, cloudformation) in content["regions"].items():
            world.regions[name] = Region(world, name, dms, cloudformation)
        world.sources = content["sources"]
        world.sessions, world.behaviours = content["sessions"], content["behaviours"]
        for service, accounts in content["moto"].items():
            holder = _holder(service)
            for account, regions in accounts.items():
                for region, backend in regions.items():
                    holder[account][region] = backend
        _holder("s3").bucket_accounts.update(content["bucket_accounts"])
        if isinstance(world.clock, WallClock):
            world.clock.go_on(content["reached"], content["stretches"])
        world.reached = content["reached"]


def _holder(service: str) -> Any:
    """Return moto's backends of a service, which moto types by literal names only."""
    return backends.get_backend(service)  # type: ignore[call-overload]


def _plain(holder: Any) -> dict[str, dict[str, Any]]:
    """Return moto's backends by account and region, without moto's own kinds of dictionary."""
    return {account: dict(regions.items()) for account, regions in holder.items()}


def _version(world: World) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "shape": _shape(),
        "moto": moto.__version__,
        "python": ".".join(str(part) for part in sys.version_info[:2]),
        "account": world.account,
    }


def _shape() -> str:
    """Return a digest of all fields that are saved, so that no state of another shape is ever taken for this one."""
    modules = [module for name, module in sys.modules.items() if name.startswith(PACKAGE)]
    kinds = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    described = sorted(
        f"{kind.__module__}.{kind.__name__}({', '.join(item.name for item in fields(kind))})"
        for kind in kinds
        if is_dataclass(kind) and kind.__module__ in SAVED
    )
    return hashlib.sha256("\n".join(described).encode()).hexdigest()[:16]


def _write(path: Path, content: bytes) -> None:
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
