"""Task settings compared by meaning: only on the keys that Sluice sets, blind to order and to what DMS adds.

DMS fills in every setting that is left out and reorders log components (dms-facts.md section 5).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple


class ChangedSetting(NamedTuple):
    """A setting that does not run as it was set; values as JSON."""

    name: str
    was_set: str
    runs: str


def _by_id(value: Any) -> Any:
    """Log components, which DMS gives in any order, by their ids."""
    if isinstance(value, list) and all(isinstance(item, dict) and "Id" in item for item in value):
        return {item["Id"]: item for item in value}
    return value


def _changed(name: str, was_set: Any, runs: Any) -> Iterator[ChangedSetting]:
    was_set, runs = _by_id(was_set), _by_id(runs)
    if isinstance(was_set, dict) and isinstance(runs, dict):
        for key, value in was_set.items():
            yield from _changed(f"{name}.{key}" if name else key, value, runs.get(key))
    elif was_set != runs:
        yield ChangedSetting(name, json.dumps(was_set), json.dumps(runs))


def changed_settings(was_set: str, runs: str) -> tuple[ChangedSetting, ...]:
    """What runs otherwise than it was set; raises ``ValueError`` where either text is not JSON."""
    return tuple(_changed("", json.loads(was_set), json.loads(runs)))
