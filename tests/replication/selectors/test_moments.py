"""The config at any moment, and who is behind each of its lines."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.db import connection
from django.utils import timezone

from replication.models import Revision
from replication.models.append_only import guards_lifted
from replication.selectors.company_moments import (
    Within,
    revisions_named,
    scopes_as_of,
    scopes_between,
    scopes_changed,
)
from replication.selectors.moments import config_as_of, config_between
from replication.selectors.table_acts import TableAct
from tests.replication.conftest import Stage
from tests.replication.services.test_change_request_revert import BARCODES, _merged

PLACE = "tasks/foodsearch/tables/fooddb/foodsearch/barcodes"
BRANDS = "tasks/foodsearch/tables/fooddb/foodsearch/brands"


def _before_everything() -> datetime:
    return timezone.now() - timedelta(days=1)


def test_config_as_of__line_by_line__names_the_revision_that_made_it_so(stage: Stage) -> None:
    reload = _merged(stage, TableAct.RELOAD, BARCODES)
    pause = _merged(stage, TableAct.PAUSE, BARCODES)

    config = config_as_of(timezone.now(), stage.environment, stage.food)

    assert config is not None
    lines = {line.place: line for line in config.lines}
    assert (lines[PLACE].origin, lines[PLACE].value.endswith(" paused")) == (pause, True)
    assert lines[BRANDS].origin.number == 1
    then = config_as_of(reload.created_at, stage.environment, stage.food)
    assert then is not None
    assert {line.place: line.origin for line in then.lines}[PLACE] == reload


def test_config_as_of__before_anything_was_accepted__is_none(stage: Stage) -> None:
    assert config_as_of(_before_everything(), stage.environment, stage.food) is None
    assert not scopes_as_of(_before_everything())


def test_scopes_as_of__each_scope__has_the_revision_in_force(stage: Stage) -> None:
    first = Revision.objects.get(team=stage.food)
    _merged(stage, TableAct.PAUSE, BARCODES)

    assert (stage.food.pk, 1) in {
        (each.team_id, each.number) for each in revisions_named(scopes_as_of(first.created_at))
    }
    now = {
        each.team.slug if each.team else "base": each.number for each in revisions_named(scopes_as_of(timezone.now()))
    }
    assert now == {"base": 1, "food": 2, "orders": 1}


def test_config_between__two_moments__says_what_differs_and_who_did_it(stage: Stage) -> None:
    start = Revision.objects.get(team=stage.food).created_at
    _merged(stage, TableAct.RELOAD, BARCODES)
    removal = _merged(stage, TableAct.REMOVE, BARCODES)

    between = config_between(stage.environment, stage.food, start, timezone.now())

    assert between.difference is not None
    assert [(change.kind.value, change.table) for change in between.difference.tables] == [
        ("removed", BARCODES.identity)
    ]
    assert between.origins[PLACE] == removal
    assert [revision.number for revision in between.revisions] == [3, 2]
    now = timezone.now()
    changed = scopes_between(scopes_changed(start, now, Within(team=stage.food)))
    assert [each.team for each in changed] == [stage.food]
    assert (changed[0].team, changed[0].count) == (stage.food, 2)
    assert changed[0].difference == between.difference
    assert changed[0].newest == removal


def test_config_between__the_same_moment_twice__is_empty(stage: Stage) -> None:
    now = timezone.now()

    assert config_between(stage.environment, stage.food, now, now).empty
    assert config_between(stage.environment, None, now, now).empty


def test_config_between__of_a_base_stack_from_its_beginning__is_all_settings(stage: Stage) -> None:
    between = config_between(stage.environment, None, _before_everything(), timezone.now())

    assert between.difference is None
    assert "environment/region" in {change.place for change in between.settings}


def test_config_between__of_one_task__leaves_out_what_is_of_others(stage: Stage) -> None:
    start = Revision.objects.get(team=stage.food).created_at
    reload = _merged(stage, TableAct.RELOAD, BARCODES)

    its = config_between(stage.environment, stage.food, start, timezone.now(), task="foodsearch")
    another = config_between(stage.environment, stage.food, start, timezone.now(), task="another")

    assert its.revisions == (reload,)
    assert its.difference is not None
    assert [change.table for change in its.difference.tables] == [BARCODES.identity]
    assert (another.empty, another.count) == (True, 0)
    config = config_as_of(timezone.now(), stage.environment, stage.food, task="foodsearch")
    assert config is not None
    assert {line.place.split("/")[1] for line in config.lines} == {"foodsearch"}


def test_config_as_of__the_origin_of_a_line__knows_who_approved(stage: Stage) -> None:
    _merged(stage, TableAct.RELOAD, BARCODES)

    config = config_as_of(timezone.now(), stage.environment, stage.food)

    assert config is not None
    origin = next(line.origin for line in config.lines if line.place == PLACE)
    assert origin.change_request is not None
    assert [review.reviewer_name for review in origin.change_request.reviews.all()] == ["Petra Example"]


def test_revision__accepted__keeps_which_lines_it_changed(stage: Stage) -> None:
    reload = _merged(stage, TableAct.RELOAD, BARCODES)

    assert reload.changed == [PLACE]
    assert Revision.objects.get(team=stage.food, number=1).changed is None


def test_migration__of_revisions_from_before__computes_what_each_changed(stage: Stage) -> None:
    reload = _merged(stage, TableAct.RELOAD, BARCODES)
    migration = import_module("replication.migrations.0023_revision_changed")
    with guards_lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE replication_revision SET changed = NULL")
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        migration.say_what_changed(apps, editor)

    reload.refresh_from_db()
    assert reload.changed == [PLACE]
    assert set(Revision.objects.filter(number=1).values_list("changed", flat=True)) == {None}
