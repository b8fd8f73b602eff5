"""The control endpoint under ``/_sluice/``: for tests and demos, not a part of any AWS API.

GET  health                  {"status": "ready", "now", "account", "speed"}
GET  calls                   {"counts": {"dms:StartReplicationTask": 3, …}, "calls": […]}
POST calls/clear
GET  faults                  {"faults": […], "kinds": {…}}
POST faults                  one rule, see `faults.py`
POST faults/clear
POST clock                   {"advance": seconds}, with a clock that is moved by hand
POST speed                   {"speed": factor}, with the machine's clock
POST sources                 {"secret", "missing": [[schema, table]…], "tables": [[schema, table, rows]…]}
GET  behaviours              {"stack_updates_wipe_tags": false}: switches, see `behaviours.py`
POST behaviours              the switches to change
GET  broken                  {"broken": […]}: defects of the local AWS itself that were seen
"""

import json
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from deploy_engine.local_aws import time_line
from deploy_engine.local_aws.clock import ManualClock, WallClock
from deploy_engine.local_aws.faults import CALL_FAULTS, RESOURCE_FAULTS, Fault

if TYPE_CHECKING:
    from deploy_engine.local_aws.gateway import Gateway

BAD_REQUEST, NOT_FOUND = 400, 404


def answer(gateway: "Gateway", request: Request) -> Response:
    """Answer a request to the control endpoint."""
    name = request.path.removeprefix("/_sluice/").strip("/")
    handler = _HANDLERS.get((request.method, name))
    if handler is None:
        return _json({"error": f"no {request.method} {request.path}"}, NOT_FOUND)
    try:
        body = request.get_json(force=True) if request.method == "POST" and request.content_length else {}
        if not isinstance(body, dict):
            raise TypeError("the body must be a JSON object")  # noqa: TRY301 - answered as any other bad body
        return _json(handler(gateway, body))
    except (ValueError, TypeError, KeyError) as error:
        return _json({"error": str(error)}, BAD_REQUEST)


def _health(gateway: "Gateway", body: dict[str, Any]) -> dict[str, Any]:
    world = gateway.world
    speed = world.clock.speed if isinstance(world.clock, WallClock) else 0
    return {"status": "ready", "now": world.clock.shown(world.clock.now()), "account": world.account, "speed": speed}


def _calls(gateway: "Gateway", body: dict[str, Any]) -> dict[str, Any]:
    return gateway.world.recorder.summary()


def _clear_calls(gateway: "Gateway", body: dict[str, Any]) -> dict[str, Any]:
    gateway.world.recorder.clear()
    return {}


def _faults(gateway: "Gateway", body: dict[str, Any]) -> dict[str, Any]:
    return {"faults": gateway.world.faults.listed(), "kinds": CALL_FAULTS | RESOURCE_FAULTS}


def _add_fault(gateway: "Gateway", body: dict[str, Any]) -> dict[str, Any]:
    gateway.world.faults.add(Fault.parse(body))
    return _faults(gateway, body)


def _clear_faults(gateway: "Gateway", body: dict[str, Any]) -> dict[str, Any]:
    gateway.world.faults.clear()
    return {}


def _clock(gateway: "Gateway", body: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(gateway.world.clock, ManualClock):
        raise TypeError("this local AWS runs by the machine's clock; set its speed instead")
    with gateway.world.lock:
        gateway.world.clock.advance(float(body["advance"]))
        time_line.advance(gateway.world)
    return {"now": gateway.world.clock.now()}


def _speed(gateway: "Gateway", body: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(gateway.world.clock, WallClock):
        raise TypeError("this local AWS runs by a clock that is moved by hand")
    gateway.world.clock.set_speed(float(body["speed"]))
    return {"speed": gateway.world.clock.speed}


def _sources(gateway: "Gateway", body: dict[str, Any]) -> dict[str, Any]:
    with gateway.world.lock:
        source = gateway.world.sources.at(str(body["secret"]))
        for schema, table, rows in body.get("tables", []):
            source.known[str(schema), str(table)] = int(rows)
            source.missing.discard((str(schema), str(table)))
        source.missing |= {(str(schema), str(table)) for schema, table in body.get("missing", [])}
    return {}


def _behaviours(gateway: "Gateway", body: dict[str, Any]) -> dict[str, Any]:
    gateway.world.behaviours.change(body)
    return gateway.world.behaviours.listed()


def _broken(gateway: "Gateway", body: dict[str, Any]) -> dict[str, Any]:
    return {"broken": gateway.broken}


def _json(value: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(value), status=status, content_type="application/json")


_HANDLERS = {
    ("GET", "health"): _health,
    ("GET", "calls"): _calls,
    ("POST", "calls/clear"): _clear_calls,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_fault,
    ("POST", "faults/clear"): _clear_faults,
    ("POST", "clock"): _clock,
    ("POST", "speed"): _speed,
    ("POST", "sources"): _sources,
    ("GET", "behaviours"): _behaviours,
    ("POST", "behaviours"): _behaviours,
    ("GET", "broken"): _broken,
}
