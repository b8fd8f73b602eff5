"""What each act on tables means, in words, before anybody proposes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.presenters.words import counted, listed
from replication.selectors.table_acts import ChosenTable, TableAct


@dataclass(frozen=True)
class ActWords:
    """`meaning` are plain sentences, the gravest first; `danger` asks to type a word."""

    meaning: tuple[str, ...]
    danger: bool = False


_NEW_FOLDER = "Readers of the lake keep the old version until the new load has ended; what it wrote stays."
ACTS = {
    TableAct.RELOAD: ActWords(
        (
            "A reload reads the whole table again and writes it into a new folder.",
            _NEW_FOLDER,
            "Without a gap, the old version goes on beside the new one, in its own task. Once the new one has "
            "caught up, Sluice drafts the change that ends the old one.",
        ),
    ),
    TableAct.PAUSE: ActWords(
        (
            "A paused table is taken out of its task: what changes in the source is not copied any more.",
            "It comes back only by a full load into a new folder; nothing can be caught up.",
            "Its entry stays here, and what it has written stays in the lake.",
        ),
    ),
    TableAct.RESUME: ActWords(
        (
            "A paused table comes back by a full load under a new version, into a new folder.",
            _NEW_FOLDER,
        ),
    ),
    TableAct.MOVE: ActWords(
        (
            "DMS cannot hand a table from one task to another: the other one loads it again, into a new folder.",
            _NEW_FOLDER,
            "The task that it leaves stops copying it when the change is deployed.",
        ),
    ),
    TableAct.REMOVE: ActWords(
        (
            "Replication ends, and nobody downstream is given anything new.",
            "What was written stays in the lake: Sluice never deletes anything there.",
            "A table can return later, under a new version and by a full load.",
        ),
        danger=True,
    ),
}


def act_title(act: TableAct, tables: Sequence[ChosenTable], target: str = "") -> str:
    """The title of a change request that does it: "Reload barcodes in foodsearch"."""
    what = tables[0].name if len(tables) == 1 else counted(len(tables), "table")
    if act is TableAct.BESIDE:
        return f"Reload {what} without a gap in {target}"
    place = listed(sorted({table.task for table in tables}))
    words = {
        TableAct.REMOVE: f"from {place}",
        TableAct.MOVE: f"from {place} to {target}" if target else f"from {place}",
    }
    return f"{act.label} {what} {words.get(act, f'in {place}')}"


def word_to_type(act: TableAct, tables: Sequence[ChosenTable]) -> str:
    """What has to be typed before a destructive act: the table's name, or how many there are; empty for the others."""
    if not ACTS[act].danger or not tables:
        return ""
    return tables[0].name if len(tables) == 1 else str(len(tables))
