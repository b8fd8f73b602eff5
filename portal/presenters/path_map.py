"""The map source → task → S3 path as coordinates, for `components/path_map.html`. Pure geometry, in SVG user units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.presenters.words import counted

HEAD, ROW, GAP = 30, 46, 12
SOURCE_X, TASK_X, PATH_X = 0, 270, 560
SOURCE_WIDTH, TASK_WIDTH, PATH_WIDTH = 190, 210, 440
WIDTH = PATH_X + PATH_WIDTH
PADDING = 14
LABEL_FITS, PATH_FITS = 26, 56
PATHS_SHOWN = 3


@dataclass(frozen=True)
class TaskOnMap:
    """One task to draw: its source, a note, S3 paths it writes and how many more, and whether it is paused."""

    source: str
    source_note: str
    task: str
    note: str
    paths: Sequence[str]
    paused: bool = False
    more: int = 0


@dataclass(frozen=True)
class Node:
    """A box with one or two lines of text."""

    x: int
    y: int
    width: int
    height: int
    label: str
    note: str = ""
    style: str = ""
    text_style: str = ""

    @property
    def text_x(self) -> int:
        """Where both lines begin."""
        return self.x + PADDING

    @property
    def text_y(self) -> int:
        """The first line's baseline; in the middle when it stands alone."""
        return self.y + (19 if self.note else self.height // 2 + 5)

    @property
    def note_y(self) -> int:
        """The second line's baseline."""
        return self.y + 36


@dataclass(frozen=True)
class Flow:
    """A curve from the right edge of one box to the left edge of another; dashed when nothing runs through it."""

    path: str
    paused: bool


@dataclass(frozen=True)
class Column:
    """A heading above one column."""

    label: str
    x: int


@dataclass
class PathMap:
    """The whole drawing; `words` says the same for who cannot see it."""

    height: int
    words: str
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    width: int = WIDTH
    columns: tuple[Column, ...] = (
        Column("Source", SOURCE_X),
        Column("Task", TASK_X),
        Column("Path in the lake", PATH_X),
    )


def draw_map(tasks: Sequence[TaskOnMap]) -> PathMap:
    """Lay out the tasks in the order given; those of one source should stand together. At most three paths per task."""
    drawing = PathMap(height=0, words=_in_words(tasks))
    y = HEAD
    source_rows: dict[str, list[tuple[int, bool]]] = {}
    for task in tasks:
        paths = _paths_shown(task)
        block = max(len(paths), 1) * (ROW + GAP) - GAP
        middle = y + block // 2
        style = "node-task node-paused" if task.paused else "node-task"
        drawing.nodes.append(
            Node(TASK_X, middle - ROW // 2, TASK_WIDTH, ROW, _short(task.task, LABEL_FITS), task.note, style)
        )
        for index, path in enumerate(paths):
            top = y + index * (ROW + GAP)
            drawing.nodes.append(
                Node(PATH_X, top + 7, PATH_WIDTH, ROW - 14, _short(path, PATH_FITS), text_style="path")
            )
            drawing.flows.append(_flow(TASK_X + TASK_WIDTH, middle, PATH_X, top + ROW // 2, paused=task.paused))
        source_rows.setdefault(task.source, []).append((middle, task.paused))
        y += block + GAP * 2
    notes = {task.source: task.source_note for task in tasks}
    for source, rows in source_rows.items():
        middle = (rows[0][0] + rows[-1][0]) // 2
        drawing.nodes.append(
            Node(SOURCE_X, middle - ROW // 2, SOURCE_WIDTH, ROW, _short(source, LABEL_FITS), notes[source])
        )
        drawing.flows.extend(_flow(SOURCE_X + SOURCE_WIDTH, middle, TASK_X, row, paused=paused) for row, paused in rows)
    drawing.height = y
    return drawing


def _paths_shown(task: TaskOnMap) -> list[str]:
    total = len(task.paths) + task.more
    if total <= PATHS_SHOWN:
        return list(task.paths)
    return [*task.paths[: PATHS_SHOWN - 1], f"and {total - PATHS_SHOWN + 1} more"]


def _flow(x1: int, y1: int, x2: int, y2: int, *, paused: bool) -> Flow:
    half = (x1 + x2) // 2
    return Flow(f"M{x1} {y1}C{half} {y1} {half} {y2} {x2} {y2}", paused)


def _short(text: str, fits: int) -> str:
    return text if len(text) <= fits else f"{text[: fits - 1]}…"


def _in_words(tasks: Sequence[TaskOnMap]) -> str:
    return ". ".join(
        f"Source {task.source} flows through task {task.task}{' (paused)' if task.paused else ''} to "
        f"{counted(len(task.paths) + task.more, 'path')}"
        for task in tasks
    )
