"""How Celery treats its messages, and what is logged: settings that nobody would notice missing."""

import json
import logging

import pytest
from django.conf import settings

from portal.celery import app
from portal.logs import logging_settings


def test_celery__a_worker_dies__its_message_is_delivered_again() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_transport_options["visibility_timeout"] > app.conf.task_time_limit


def test_celery__a_pickled_message__is_not_accepted() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"


def test_celery__beat_outruns_the_worker__late_passes_expire() -> None:
    assert app.conf.beat_schedule
    for entry in app.conf.beat_schedule.values():
        assert entry["options"]["expires"] <= entry["schedule"]


def test_celery__beat_schedule__names_registered_tasks_only() -> None:
    app.loader.import_default_modules()

    unknown = {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks)

    assert unknown == set()


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_logs__an_exception__is_logged_without_the_values_of_variables(log_format: str) -> None:
    formatter_settings = logging_settings("json" if log_format == "json" else "console", "INFO")["formatters"][
        "structured"
    ]
    factory = formatter_settings.pop("()")
    formatter: logging.Formatter = factory(**formatter_settings)

    line = formatter.format(_record_of_a_failure())

    assert "ValueError" in line
    assert "hunter2" not in line
    if log_format == "json":
        assert json.loads(line)["level"] == "error"


def test_settings__debug__is_off_everywhere() -> None:
    assert settings.DEBUG is False


def _record_of_a_failure() -> logging.LogRecord:
    try:
        _fail(password="".join(["hunter", "2"]))
    except ValueError as error:
        information = (type(error), error, error.__traceback__)
    return logging.LogRecord("portal", logging.ERROR, __file__, 1, "it failed", None, information)


def _fail(password: str) -> None:
    assert password
    raise ValueError
