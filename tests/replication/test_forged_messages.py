"""Whoever can write to the broker can cause a look at what is there, and nothing else."""

from __future__ import annotations

import inspect
import pickle
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest
from django.db import transaction
from kombu.exceptions import ContentDisallowed
from kombu.message import Message
from kombu.serialization import prepare_accept_content

from portal.celery import app
from tests.replication.conftest import Sent, Stage
from tests.replication.replaying import rows_now

FORGED: list[Any] = [None, -1, 10**6, 2**80, 10**6 + 0.5, "1; DROP TABLE x", "../..", [], [1, 2], {"pk": 1}]


class Touches:
    """What a pickle can do when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[Path]]:
        return Path.touch, (self.path,)


def test_message__a_pickle__is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "touched"
    message = cast("Any", Message)(
        body=pickle.dumps(Touches(path)),
        content_type="application/x-python-serialize",
        content_encoding="binary",
        accept=cast("Any", prepare_accept_content)(app.conf.accept_content),
    )

    with pytest.raises(ContentDisallowed):
        message.decode()

    assert not path.exists()


def test_tasks__forged_arguments__change_nothing_and_send_nothing(stage: Stage, sent: Sent) -> None:
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if name.startswith("replication.")}
    of_one_row = [task for task in ours.values() if inspect.signature(task.run).parameters]
    assert len(of_one_row) >= 4
    before = rows_now()
    for task in of_one_row:
        for forged in FORGED:
            with suppress(Exception), transaction.atomic():
                task.run(forged)
    for task in ours.values():
        with pytest.raises(TypeError):
            task.run("one", "too", "many")
    assert rows_now() == before
    assert sent == []
