"""How long things take in the local AWS, in seconds of its clock, and how much of everything it makes.

AWS takes tens of seconds to minutes for most of these. The defaults keep the order of what takes longer than what,
and shrink it so that a person who watches a demo at speed 1 sees each state without waiting for it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timings:
    """Durations in seconds, rates in rows per second; each is a setting of the local AWS, not a fact about AWS."""

    task_create: float = 3.0
    task_start: float = 4.0
    task_stop: float = 4.0
    task_modify: float = 3.0
    task_delete: float = 2.0
    instance_create: float = 4.0
    instance_modify: float = 3.0
    instance_delete: float = 3.0
    endpoint_delete: float = 1.0
    connection_test: float = 2.0
    change_set_create: float = 1.0
    drift_detection: float = 2.0
    stack_begin: float = 0.5
    """From the request to the first resource."""
    stack_poll: float = 0.5
    """Between two looks at resources that are under way, and the least that one resource takes."""

    table_begin: float = 4.0
    """From ``Full load`` of a table to its first row."""
    rows_per_second: float = 100_000.0
    """Of one sub task that loads one table."""
    rows_per_file: int = 1_000_000
    """Of a load file; AWS counts kilobytes (MaxFileSize)."""
    sample_rows: int = 200
    """Synthetic rows really written into a file, at most: the statistics count all, the files hold a sample."""
    change_files: int = 12
    """Change files written per table, at most, so that a demo may run for days; statistics go on without."""
    metrics_period: float = 300.0
    events_kept: float = 14 * 86_400.0


def instant() -> Timings:
    """Return timings in which every transition is over at the next look, for tests about something else."""
    return Timings(
        task_create=0,
        task_start=0,
        task_stop=0,
        task_modify=0,
        task_delete=0,
        instance_create=0,
        instance_modify=0,
        instance_delete=0,
        endpoint_delete=0,
        connection_test=0,
        change_set_create=0,
        drift_detection=0,
        stack_begin=0,
        stack_poll=0,
        table_begin=0,
        rows_per_second=1e12,
    )
