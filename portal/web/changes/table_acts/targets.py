"""What there is to choose for an act that needs it: the two ways to reload, and the task to move to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from deploy_engine.config import TeamDocument
from deploy_engine.rendering import full_load_sub_tasks
from portal.presenters.words import counted
from portal.web.changes.proposing.forms import Option
from replication.choices import Delivery
from replication.selectors.reload_beside import fitted_sub_tasks
from replication.selectors.table_acts import NEW_TASK, ChosenTable, TableAct, beside_targets, move_targets

IN_PLACE = ""


def target_names(act: TableAct, document: TeamDocument, tables: Collection[ChosenTable]) -> list[str]:
    """What may be chosen: tasks by name, for a reload also `IN_PLACE` and a new task."""
    if act is TableAct.RELOAD:
        return [IN_PLACE, *beside_targets(document, tables)]
    return move_targets(document, tables) if act is TableAct.MOVE else []


def target_options(
    act: TableAct, document: TeamDocument, tables: Sequence[ChosenTable], names: Sequence[str], chosen: str
) -> list[Option]:
    """The choices in words, each with what follows from it."""
    return [_option(act, document, tables, name, chosen=name == chosen) for name in names]


def _option(act: TableAct, document: TeamDocument, tables: Sequence[ChosenTable], name: str, *, chosen: bool) -> Option:
    if act is TableAct.MOVE:
        return Option(name, name, chosen, f"It writes {_pace(document, name)}.")
    if name == IN_PLACE:
        one = len(tables) == 1
        what = "The table stands still until it is loaded again, and its task pauses"
        many = "The tables stand still until they are loaded again, and their tasks pause"
        note = f"Two steps. {what if one else many} in each step: DMS has to forget a table before it loads it anew."
        return Option(name, "In place", chosen, note)
    if name == NEW_TASK:
        return Option(name, "Without a gap, in a new task", chosen, _like(document, tables))
    words = f"{name} pauses once to take in what loads. It writes {_pace(document, name)}.{_warning(document, name)}"
    return Option(name, f"Without a gap, in {name}", chosen, words)


def _pace(document: TeamDocument, task: str) -> str:
    return str(Delivery(document.tasks[task].delivery.value).label)


def _like(document: TeamDocument, tables: Sequence[ChosenTable]) -> str:
    task = min(tables).task
    if task not in document.tasks:
        return ""
    file = document.tasks[task]
    at_once = counted(fitted_sub_tasks(document, file), "table")
    return (
        f"Nothing pauses. The task is made like {task}: it runs on {file.instance}, writes {_pace(document, task)}, "
        f"and loads at most {at_once} at once, within what {file.source} should bear."
    )


def _warning(document: TeamDocument, task: str) -> str:
    file = document.tasks[task]
    cap, wanted = document.team.sources[file.source].loads_at_once, full_load_sub_tasks(file)
    if wanted <= cap:
        return ""
    return f" It may load {wanted} tables at once, more than the {cap} that {file.source} should bear: a check warns."
