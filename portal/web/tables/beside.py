"""A table that stands in two tasks, as its page and the list of tables show it: both versions, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from deploy_engine.config import Delivery
from deploy_engine.rendering.thresholds import expected_latency_seconds
from portal.presenters.meters import Meter
from portal.templatetags.sluice import ago, duration, thousands
from replication.choices import ChangeRequestState
from replication.models import ChangeRequest, TableEntry
from replication.selectors.load_progress import LoadProgress, load_progress, rows_of
from replication.selectors.superseded import Superseding

WHOLE = 100
_ENDS = (ChangeRequestState.MERGED, ChangeRequestState.DEPLOYING, ChangeRequestState.DEPLOYED)


@dataclass(frozen=True)
class Beside:
    """A reload without a gap under way: `next` says what will happen, `change` is what Sluice drafted about it."""

    older: TableEntry
    newer: TableEntry
    meter: Meter | None
    next: str
    change: ChangeRequest | None


def besides(pairs: Iterable[Superseding]) -> list[Beside]:
    """The pairs in words."""
    return [_beside(pair) for pair in pairs]


def remarks(pairs: Iterable[Superseding]) -> dict[int, str]:
    """For each entry of the pairs, by its key, what stands beside it: short, for a line of a list."""
    said: dict[int, str] = {}
    for pair in pairs:
        newer = f"{pair.newer.version} in {pair.newer.task.name}"
        verb = f"goes on while {pair.newer.version} loads in {pair.newer.task.name}"
        if _progress(pair) is None:
            verb = f"goes on until {newer} has caught up" if pair.waiting else f"{newer} has caught up"
        said[pair.older.pk] = verb
        said[pair.newer.pk] = f"beside {pair.older.version} in {pair.older.task.name}"
    return said


def progress_meter(entry: TableEntry, *, expected_rows: int | None = None) -> Meter | None:
    """How far the load of one table is; None where it does not load."""
    progress = load_progress(entry, expected_rows=expected_rows)
    return _meter(progress) if progress is not None else None


def _progress(pair: Superseding) -> LoadProgress | None:
    return load_progress(pair.newer, expected_rows=rows_of(pair.older))


def _meter(progress: LoadProgress) -> Meter:
    of = f" of about {thousands(progress.expected_rows)}" if progress.expected_rows else ""
    whose = "" if progress.expected_rows else ", counted over the whole task"
    end = f", ends about {ago(progress.expected_end)}" if progress.expected_end else ""
    words = f"{progress.percent} %{whose}: {thousands(progress.rows)}{of} rows{end}"
    return Meter("Full load", words, progress.percent, "progress")


def _beside(pair: Superseding) -> Beside:
    progress = _progress(pair)
    meter = _meter(progress) if progress is not None else None
    if not pair.waiting:
        meter = Meter("Full load", "loaded, and caught up", WHOLE, "good")
    change = pair.drafted.change_request if pair.drafted is not None else None
    return Beside(pair.older, pair.newer, meter, _next(pair, change), change)


def _next(pair: Superseding, change: ChangeRequest | None) -> str:
    older, newer = pair.older.version, pair.newer.version
    if change is not None and change.state == ChangeRequestState.CLOSED:
        return f"Both versions go on: the change that would have ended {older} was closed, and is not drafted again."
    if change is not None and change.state in _ENDS:
        return f"The change that ends {older} is {change.state_choice.label}."
    if change is not None:
        return f"Sluice has drafted the change that ends {older}. It waits for somebody of the team to submit it."
    if not pair.waiting:
        return f"{newer} has caught up. Somebody proposes to end {older} already, or Sluice drafts it in a moment."
    late = duration(expected_latency_seconds(Delivery(pair.newer.task.delivery)))
    return (
        f"Once {newer} is loaded and at most {late} late, Sluice drafts the change that ends {older}. "
        f"Until then it waits: {pair.waiting}."
    )
