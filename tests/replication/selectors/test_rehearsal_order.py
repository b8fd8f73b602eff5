"""What a rehearsal is made of."""

from __future__ import annotations

import json

from django.utils import timezone

from deploy_engine.config import parse_company
from replication.choices import DeploymentState
from replication.models import ChangeRequest, Deployment
from replication.selectors.rehearsal_order import RehearsalOrder, rehearsal_order
from replication.services.change_request_table_edits import change_request_edit_tables_add
from replication.services.merging import change_request_merge
from replication.services.rehearsals import rehearsal_request
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage

TASK = "environments/local/teams/food/tasks/foodsearch.json"


def _order(stage: Stage, change: ChangeRequest) -> RehearsalOrder:
    rehearsal = rehearsal_request(actor=stage.people.member, change_request=change)
    order = rehearsal_order(rehearsal)
    assert order is not None
    return order


def _tables(files: dict[str, str]) -> list[str]:
    return [entry["source"].rsplit("/", 1)[-1] for entry in json.loads(files[TASK])["tables"]]


def _merged(stage: Stage, *tables: str) -> Deployment:
    change = stage.in_review(*tables)
    run = change.check_runs.latest("pk")
    review_approve(actor=stage.people.reviewer, change_request=change, fingerprint=run.fingerprint)
    change.refresh_from_db()
    return change_request_merge(actor=stage.people.member, change_request=change)


def test_rehearsal_order__a_table_added__holds_this_team_before_and_after_and_no_other(stage: Stage) -> None:
    change = stage.draft("foodsearch.products")
    stage.check(change)

    order = _order(stage, change)

    assert _tables(order.before) == ["barcodes", "brands"]
    assert _tables(order.after) == ["barcodes", "brands", "products"]
    assert (order.environment, order.team) == ("local", "food")
    assert {"steps", "side_effects"} <= set(order.plan)
    for files in (order.before, order.after):
        assert not any("orders" in path for path in files)
        assert parse_company(files).findings == ()


def test_rehearsal_order__accepted_but_never_deployed__is_not_in_the_copy(stage: Stage) -> None:
    first = _merged(stage, "foodsearch.products")
    first.state, first.finished_at = DeploymentState.DONE, timezone.now()
    first.save()
    _merged(stage, "foodsearch.tags")
    change = stage.draft("foodsearch.prices")
    stage.check(change)

    order = _order(stage, change)

    assert _tables(order.before) == ["barcodes", "brands", "products"]
    assert _tables(order.after) == ["barcodes", "brands", "prices", "products", "tags"]


def test_rehearsal_order__edited_meanwhile__is_what_the_change_says_now(stage: Stage) -> None:
    change = stage.draft("foodsearch.products")
    change_request_edit_tables_add(
        actor=stage.people.member, change_request=change, task="foodsearch", entries=["foodsearch.tags"]
    )
    stage.check(change)
    assert _tables(_order(stage, change).after) == ["barcodes", "brands", "products", "tags"]
