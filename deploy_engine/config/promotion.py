"""Promoting: what a team's config in one environment makes of its config in the next.

The set of tables and the shape of the tasks are copied: which tasks there are, what each reads, how often it writes and
how large its LOBs may be. Versions, secrets, sizes (instances, and the settings that tell how fast a task works),
pauses, contacts and titles are the target's own. What is new to the target begins as it stands in the source: a table
under a fresh version, a source and an instance with values that whoever promotes may give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from deploy_engine.config.company import TeamDocument
from deploy_engine.config.ledger import EMPTY_LEDGER, Ledger
from deploy_engine.config.strict_model import StrictModel
from deploy_engine.config.tables import TableEntry
from deploy_engine.config.task import TaskFile, TaskSettings
from deploy_engine.config.team import TeamFile
from deploy_engine.config.versions import next_version

_SHAPE_SETTING = "lob_max_size"
"""The one task setting that decides what lies in the lake; the others say how fast it gets there."""


@dataclass(frozen=True)
class Newcomers:
    """What the target does not have yet and would get, by name."""

    sources: tuple[str, ...]
    instances: tuple[str, ...]


@dataclass(frozen=True)
class KeptValue:
    """A value that both environments have and that differs: the target keeps its own."""

    place: str
    source: str
    target: str


def promote(
    source: TeamDocument, target: TeamDocument | None, *, ledger: Ledger = EMPTY_LEDGER, now: datetime
) -> TeamDocument:
    """The target's next document; without a target, the source's with fresh versions.

    ``ledger`` is the target's: a fresh version is made from ``now`` and lies above every version that the table ever
    had there. Promoting the same source again changes nothing, whatever the time.
    """
    versions = _FreshVersions(target, ledger, now)
    own = {name: target.tasks.get(name) if target is not None else None for name in source.tasks}
    entries = {name: _kept_entries(source.tasks[name], old) for name, old in own.items()}
    for name, entry in sorted(_new_entries(source, own), key=lambda pair: (pair[1].sort_key, pair[0])):
        entries[name].append(entry.model_copy(update={"version": versions.give(entry.source)}))
    tasks = {name: _task(source.tasks[name], old, entries[name]) for name, old in own.items()}
    return TeamDocument(team=_team(source, target), tasks=dict(sorted(tasks.items())))


def newcomers(source: TeamDocument, target: TeamDocument | None) -> Newcomers:
    """The sources and instances that promoting would bring into the target."""
    team = target.team if target is not None else None
    return Newcomers(
        tuple(name for name in _used_sources(source) if team is None or name not in team.sources),
        tuple(name for name in _used_instances(source, target) if team is None or name not in team.instances),
    )


def kept_values(source: TeamDocument, target: TeamDocument) -> tuple[KeptValue, ...]:
    """Everything that differs between the two and stays the target's own, by place."""
    kept: list[KeptValue] = []
    sources, instances = target.team.sources, target.team.instances
    for name in sorted(set(source.team.sources) & set(sources)):
        kept += _differing(f"sources/{name}", _values(source.team.sources[name]), _values(sources[name]))
    for name in sorted(set(source.team.instances) & set(instances)):
        kept += _differing(f"instances/{name}", _values(source.team.instances[name]), _values(instances[name]))
    for name in sorted(set(source.tasks) & set(target.tasks)):
        kept += _kept_of_task(name, source.tasks[name], target.tasks[name])
    return tuple(kept)


class _FreshVersions:
    """Versions for tables that are new to the target, each above all that went before it."""

    def __init__(self, target: TeamDocument | None, ledger: Ledger, now: datetime) -> None:
        self._ledger, self._now = ledger, now
        self._taken: dict[str, list[str]] = {}
        for _, entry in target.entries if target is not None else ():
            self._taken.setdefault(entry.source, []).append(entry.version)

    def give(self, identity: str) -> str:
        taken = self._taken.setdefault(identity, [])
        version = next_version(self._now, [*self._ledger.versions(identity), *taken])
        taken.append(version)
        return version


def _kept_entries(task: TaskFile, old: TaskFile | None) -> list[TableEntry]:
    """The target's entries of the tables that the source's task has too."""
    wanted = {entry.source for entry in task.tables}
    return [entry for entry in old.tables if entry.source in wanted] if old is not None else []


def _new_entries(source: TeamDocument, targets: Mapping[str, TaskFile | None]) -> Iterable[tuple[str, TableEntry]]:
    for name, task in source.tasks.items():
        old = targets[name]
        known = {entry.source for entry in old.tables} if old is not None else set()
        yield from ((name, entry) for entry in task.tables if entry.source not in known)


def _task(task: TaskFile, old: TaskFile | None, entries: Iterable[TableEntry]) -> TaskFile:
    return TaskFile(
        source=task.source,
        instance=old.instance if old is not None else task.instance,
        delivery=task.delivery,
        paused=old.paused if old is not None else task.paused,
        settings=_settings(task, old),
        tables=tuple(entries),
    )


def _settings(task: TaskFile, old: TaskFile | None) -> TaskSettings | None:
    if old is None:
        return task.settings
    own = old.settings or TaskSettings()
    merged = own.model_copy(update={_SHAPE_SETTING: (task.settings or TaskSettings()).lob_max_size})
    return merged if merged != TaskSettings() or old.settings == merged else None


def _team(source: TeamDocument, target: TeamDocument | None) -> TeamFile:
    """The target's file with what its tasks will need; of a team that is new there, the source's."""
    team, new = target.team if target is not None else source.team, newcomers(source, target)
    return TeamFile(
        title=team.title,
        contacts=team.contacts,
        alert_channel=team.alert_channel,
        sources={
            **(target.team.sources if target is not None else {}),
            **{name: source.team.sources[name] for name in new.sources},
        },
        instances={
            **(target.team.instances if target is not None else {}),
            **{name: source.team.instances[name] for name in new.instances},
        },
    )


def _used_sources(source: TeamDocument) -> list[str]:
    return sorted({task.source for task in source.tasks.values()} & set(source.team.sources))


def _used_instances(source: TeamDocument, target: TeamDocument | None) -> list[str]:
    """Those of the tasks that are new to the target: a task that it has keeps its instance."""
    fresh = [task for name, task in source.tasks.items() if target is None or name not in target.tasks]
    return sorted({task.instance for task in fresh} & set(source.team.instances))


def _kept_of_task(name: str, theirs: TaskFile, ours: TaskFile) -> list[KeptValue]:
    place = f"tasks/{name}"
    heads = [
        {"instance": task.instance, "paused": _word(task.paused), **_speed(task.settings)} for task in (theirs, ours)
    ]
    kept = _differing(place, *heads)
    old = {entry.source: entry for entry in ours.tables}
    for entry in theirs.tables:
        own = old.get(entry.source)
        if own is not None:
            kept += _differing(f"{place}/{entry.source}", _of_entry(entry), _of_entry(own))
    return kept


def _of_entry(entry: TableEntry) -> dict[str, str]:
    return {"version": entry.version, "paused": _word(entry.paused)}


def _speed(settings: TaskSettings | None) -> dict[str, str]:
    values = settings.model_dump(mode="json") if settings is not None else {}
    return {f"settings/{key}": _word(value) for key, value in values.items() if key != _SHAPE_SETTING}


def _values(part: StrictModel) -> dict[str, str]:
    return {key: _word(value) for key, value in part.model_dump(mode="json", by_alias=True).items()}


def _differing(place: str, theirs: Mapping[str, str], ours: Mapping[str, str]) -> list[KeptValue]:
    return [
        KeptValue(f"{place}/{key}", theirs.get(key, ""), ours.get(key, ""))
        for key in dict.fromkeys((*theirs, *ours))
        if theirs.get(key, "") != ours.get(key, "")
    ]


def _word(value: object) -> str:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
