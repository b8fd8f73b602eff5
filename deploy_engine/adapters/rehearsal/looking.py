"""What happened in the copy, as DMS and S3 themselves tell it: when tasks stood still, and which files were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from deploy_engine.adapters.aws_errors import translated
from deploy_engine.adapters.aws_session import AwsSession
from deploy_engine.adapters.rehearsal.simulated_clock import SimulatedClock
from deploy_engine.execution.rehearsal import RehearsedPause

STOPPED = "Replication task has stopped."
STARTED = "Replication task has started."
"""DMS's own words for a change of state (dms-facts.md section 8)."""

LOAD_FILE = "/LOAD"
"""Files of a full load are named LOAD and a number; all others are changes (dms-facts.md section 2)."""


@dataclass(frozen=True)
class TaskEvent:
    """A DMS task that stopped or started."""

    task: str
    at: datetime
    started: bool


def task_events(session: AwsSession, clock: SimulatedClock, since: datetime) -> tuple[TaskEvent, ...]:
    """Every stop and start of any task from the simulated moment ``since`` on, oldest first. DescribeEvents.

    Only tasks have changes of state.
    """
    with translated("DescribeEvents", session.place):
        pages = session.dms.get_paginator("describe_events").paginate(
            StartTime=clock.told(since), EventCategories=["state change"]
        )
        events = [event for page in pages for event in page["Events"]]
    found = (
        TaskEvent(event["SourceIdentifier"], clock.simulated(event["Date"]), event["Message"] == STARTED)
        for event in events
        if event["Message"] in {STOPPED, STARTED}
    )
    return tuple(event for event in found if event.at >= since)


def pauses(events: Iterable[TaskEvent], until: datetime) -> tuple[RehearsedPause, ...]:
    """How long each task that stopped stood still, by name; one that did not start again: until the end."""
    stopped: dict[str, datetime] = {}
    seconds: dict[str, float] = {}
    for event in events:
        if not event.started:
            stopped.setdefault(event.task, event.at)
            seconds.setdefault(event.task, 0.0)
        elif event.task in stopped:
            seconds[event.task] += (event.at - stopped.pop(event.task)).total_seconds()
    for task, since in stopped.items():
        seconds[task] += (until - since).total_seconds()
    return tuple(RehearsedPause(task, round(total, 1)) for task, total in sorted(seconds.items()))


def load_files(session: AwsSession, bucket: str) -> dict[str, str]:
    """Every file of a full load in the lake, key to what tells whether it was written again. ListObjectsV2."""
    with translated("ListObjectsV2", session.place):
        pages = session.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        found = [item for page in pages for item in page.get("Contents", [])]
    return {item["Key"]: f"{item['ETag']} {item['LastModified']}" for item in found if LOAD_FILE in item["Key"]}


def folder_of(key: str) -> str:
    """The prefix that a file lies under, with its slash."""
    return key.rpartition("/")[0] + "/"


def folders_written(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, int]:
    """The folders into which load files were written, or written over, and how many."""
    written: dict[str, int] = {}
    for key, mark in after.items():
        if before.get(key) != mark:
            written[folder_of(key)] = written.get(folder_of(key), 0) + 1
    return written
