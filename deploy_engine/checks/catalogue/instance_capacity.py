"""``instance.capacity``: room on the instances, and no more loads at once than a source can bear. Warnings only.

A load needs memory and disk of its instance, and reads the source with as many SELECTs at once as the loading tasks are
allowed: a full disk stops every task of the instance (dms-facts.md section 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import task_named, team_place
from deploy_engine.checks.sample import BARCODES, BRANDS, sample_case, sample_subject, sample_task
from deploy_engine.config.physical_names import dms_name
from deploy_engine.config.team import Instance
from deploy_engine.diffing import TaskConsequence
from deploy_engine.findings import Finding, Status
from deploy_engine.live import InstanceRoom, Unknown
from deploy_engine.rendering import full_load_sub_tasks
from deploy_engine.rendering.thresholds import GIBIBYTE, free_storage_bytes, freeable_memory_bytes

ID = "instance.capacity"
_LARGER = "give the instance more storage or a larger class before much is loaded through it"
_FEWER = "load in two changes, or lower max_full_load_sub_tasks of the tasks"


def _gibibytes(count: int) -> str:
    return f"{count / GIBIBYTE:.1f} GiB"


def _short(room: InstanceRoom, instance: Instance) -> Iterator[tuple[str, str, str]]:
    """(what is short, how much is left, how much should be) of one instance."""
    least = {
        "free storage": (room.free_storage, free_storage_bytes(instance)),
        "freeable memory": (room.freeable_memory, freeable_memory_bytes(instance)),
    }
    for what, (left, wanted) in least.items():
        if left is not None and left < wanted:
            yield what, _gibibytes(left), _gibibytes(wanted)


def _instances(case: Case, rooms: Mapping[str, InstanceRoom]) -> Iterator[Finding]:
    for name, instance in case.subject.team.document.team.instances.items():
        room = rooms.get(dms_name(case.subject.team.slug, name), InstanceRoom())
        for what, left, wanted in _short(room, instance):
            place = team_place(case.subject, f"/instances/{name}")
            message = f"the instance {name} is short of {what}: {left} are left, and {wanted} should be"
            allowed = f"at least {wanted}"
            yield Finding(ID, Status.WARNING, message, place.file, place.pointer, _LARGER, left, allowed)


def _selects(case: Case, tasks: Iterable[TaskConsequence]) -> dict[str, int]:
    """How many SELECTs at once the tasks may send to each source while they load."""
    at_once: dict[str, int] = {}
    for task in tasks:
        found = task_named(case.subject, task.name)
        if found is not None:
            at_once[found[1].source] = at_once.get(found[1].source, 0) + full_load_sub_tasks(found[1])
    return at_once


def _loads_now(case: Case, task: TaskConsequence) -> bool:
    views = case.observation.tasks
    view = None if isinstance(views, Unknown) else views.get(task.name)
    return view is not None and view.running and view.tables_loading + view.tables_queued > 0


def _sources(case: Case, tasks: Iterable[TaskConsequence]) -> Iterator[Finding]:
    """Each source that would be read more often at once than it should be; what loads already counts, too."""
    by_change = _selects(case, (task for task in tasks if task.loads))
    running = _selects(case, (task for task in tasks if not task.loads and _loads_now(case, task)))
    for name, begun in by_change.items():
        cap, selects = case.subject.team.document.team.sources[name].loads_at_once, begun + running.get(name, 0)
        if selects > cap:
            place = team_place(case.subject, f"/sources/{name}/loads_at_once")
            already = f", {selects - begun} of which run already" if selects > begun else ""
            message = f"{name} may be read with {selects} loads at once{already}, and {cap} are what it should bear"
            yield Finding(
                ID, Status.WARNING, message, place.file, place.pointer, _FEWER, str(selects), f"at most {cap}"
            )


def _run(case: Case) -> Iterator[Finding]:
    consequences, rooms = case.consequences, case.observation.rooms
    if isinstance(consequences, Unknown):
        raise CouldNotRun("what would load is not known")
    if case.subject.is_base or not any(task.loads for task in consequences):
        return
    if isinstance(rooms, Unknown):
        place = team_place(case.subject, "/instances")
        message = f"how much room the instances have could not be found out: {rooms.reason}"
        yield Finding(ID, Status.WARNING, message, place.file, place.pointer, "look at them in CloudWatch")
    else:
        yield from _instances(case, rooms)
    yield from _sources(case, consequences)


def _brands_join(free_storage: int) -> Case:
    wanted = sample_subject({"foodsearch": sample_task((BARCODES, BRANDS))})
    return sample_case(wanted, sample_subject(), rooms={"food-main": InstanceRoom(free_storage * GIBIBYTE)})


CHECK = Check(
    id=ID,
    title="Instances and sources have room for what loads",
    severity=Status.WARNING,
    remedy=_LARGER,
    run=_run,
    needs=frozenset({Part.DIFFERENCE, Part.TASKS}),
    reads=("cloudwatch:GetMetricData",),
    good=Example("a table joins on an instance whose storage is half free", lambda: _run(_brands_join(25))),
    bad=Example("a table joins on an instance of 50 GB that has 5 left", lambda: _run(_brands_join(5))),
)
