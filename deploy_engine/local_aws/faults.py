"""Faults on demand: what a test or a rehearsal wants to go wrong, as a table of rules.

Rules about calls look at service and operation; rules about resources look at the name of the task or stack.
Each rule lets ``skip`` matches pass first, then strikes ``times`` times, then is spent.
"""

import threading
from dataclasses import asdict, dataclass, fields
from typing import Any

CALL_FAULTS = {
    "throttle": "answer ThrottlingException (Throttling for CloudFormation) without any effect",
    "refuse": "answer the given `code` and `message` without any effect",
    "drop-before": "drop the connection without any effect",
    "drop-after": "carry the call out, then drop the connection",
    "timeout-before": "answer nothing for `seconds` of real time, then drop the connection, without any effect",
    "timeout-after": "carry the call out, answer nothing for `seconds` of real time, then drop the connection",
}
RESOURCE_FAULTS = {
    "hang-stopping": "the task stays in `stopping` while the rule lasts",
    "fail-start": "the task goes from `starting` to `failed`",
    "stale-statistics": "the task's statistics are not refreshed while the rule lasts",
    "fall-behind": "the task's latency grows by a second each second while the rule lasts",
    "table-error": "a table (`task/schema.table`) goes to `Table error` instead of being loaded",
    "fail-stack-update": "a resource (`stack/LogicalId`) fails when it is created or modified",
    "fail-stack-rollback": "a resource (`stack/LogicalId`) fails when a rollback restores it",
}


@dataclass
class Fault:
    """One rule; ``name`` is a task identifier, or as the kind says, and ``*`` means any."""

    kind: str
    service: str = "*"
    operation: str = "*"
    name: str = "*"
    skip: int = 0
    times: int = 1
    code: str = "InternalFailure"
    message: str = "A fault was asked for."
    status: int = 500
    seconds: float = 30.0

    @classmethod
    def parse(cls, members: dict[str, Any]) -> "Fault":
        """Build a rule from JSON; raises ValueError in words when it is none.

        ``operation`` may name its service too, as ``dms:StopReplicationTask``.
        """
        known = {item.name for item in fields(cls)}
        unknown = sorted(set(members) - known)
        if unknown:
            raise ValueError(f"unknown members: {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        if members.get("kind") not in CALL_FAULTS | RESOURCE_FAULTS:
            raise ValueError(f"kind must be one of {', '.join(sorted(CALL_FAULTS | RESOURCE_FAULTS))}")
        service, colon, operation = str(members.get("operation", "*")).rpartition(":")
        named = {"service": service, "operation": operation} if colon else {}
        return cls(**{**members, **named})


class Faults:
    """The rules in force, oldest first; the first that matches strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Put a rule in force."""
        with self._lock:
            self._rules.append(fault)

    def clear(self) -> None:
        """End all rules."""
        with self._lock:
            self._rules.clear()

    def listed(self) -> list[dict[str, Any]]:
        """Return the rules in force, as the control endpoint shows them."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def for_call(self, service: str, operation: str) -> Fault | None:
        """Return the rule that strikes this call, counting the match."""
        with self._lock:
            for rule in self._rules:
                wanted = (rule.service in ("*", service)) and (rule.operation in ("*", operation))
                if rule.kind in CALL_FAULTS and wanted and self._strikes(rule):
                    return rule
        return None

    def for_resource(self, kind: str, name: str) -> bool:
        """Tell whether a rule of ``kind`` strikes the resource ``name`` now, counting the match."""
        with self._lock:
            return any(
                rule.kind == kind and rule.name in ("*", name) and self._strikes(rule) for rule in list(self._rules)
            )

    def holds(self, kind: str, name: str) -> bool:
        """Tell whether a rule of ``kind`` is in force for ``name``, without counting."""
        with self._lock:
            return any(rule.kind == kind and rule.name in ("*", name) for rule in self._rules)

    def _strikes(self, rule: Fault) -> bool:
        if rule.skip > 0:
            rule.skip -= 1
            return False
        rule.times -= 1
        if rule.times <= 0:
            self._rules.remove(rule)
        return True
