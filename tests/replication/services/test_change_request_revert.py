"""Going back: what streams on keeps its version, what would load again gets a new one."""

from __future__ import annotations

import pytest

from deploy_engine.config import TeamDocument
from replication.choices import ChangeRequestState
from replication.documents import team_document_of
from replication.errors import NotAllowed, NothingToSubmit
from replication.models import LedgerEntry, Revision
from replication.selectors.table_acts import ChosenTable, TableAct
from replication.services.change_request_revert import change_request_revert
from replication.services.change_request_table_acts import change_request_act_on_tables
from replication.services.change_requests import change_request_submit
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage

BARCODES = ChosenTable("foodsearch", "fooddb/foodsearch/barcodes")
FIRST = {"fooddb/foodsearch/barcodes": "v202011191200", "fooddb/foodsearch/brands": "v202008040000"}


def _merged(stage: Stage, act: TableAct, *tables: ChosenTable) -> Revision:
    change = stage.draft(title=f"{act} tables")
    change_request_act_on_tables(actor=stage.people.member, change_request=change, act=act, tables=tables)
    change_request_submit(actor=stage.people.member, change_request=change)
    stage.check(change)
    run = change.check_runs.order_by("-id")[0]
    review_approve(actor=stage.people.platform, change_request=change, fingerprint=run.fingerprint)
    change.refresh_from_db()
    return change_request_merge(actor=stage.people.member, change_request=change).revision


def _versions(document: TeamDocument) -> dict[str, str]:
    return {entry.source: entry.version for _, entry in document.entries}


def _first(stage: Stage) -> Revision:
    return Revision.objects.get(team=stage.food, number=1)


def test_revert__of_a_removal__brings_the_table_back_under_a_version_that_never_was(stage: Stage) -> None:
    _merged(stage, TableAct.REMOVE, BARCODES)

    change = change_request_revert(actor=stage.people.member, revision=_first(stage))

    versions = _versions(team_document_of(change.document))
    assert versions["fooddb/foodsearch/brands"] == FIRST["fooddb/foodsearch/brands"]
    assert versions["fooddb/foodsearch/barcodes"] > FIRST["fooddb/foodsearch/barcodes"]
    known = LedgerEntry.objects.filter(identity="fooddb/foodsearch/barcodes").values_list("version", flat=True)
    assert versions["fooddb/foodsearch/barcodes"] not in set(known)
    assert change.state == ChangeRequestState.DRAFT
    assert change.check_runs.exists()


def test_revert__of_a_reload__does_not_write_into_the_old_folder(stage: Stage) -> None:
    reloaded = _merged(stage, TableAct.RELOAD, BARCODES)

    change = change_request_revert(actor=stage.people.member, revision=_first(stage))

    version = _versions(team_document_of(change.document))["fooddb/foodsearch/barcodes"]
    assert version > _versions(team_document_of(reloaded.document))["fooddb/foodsearch/barcodes"]


def test_revert__of_a_pause__comes_back_by_a_load(stage: Stage) -> None:
    _merged(stage, TableAct.PAUSE, BARCODES)

    document = team_document_of(change_request_revert(actor=stage.people.member, revision=_first(stage)).document)

    entry = next(entry for _, entry in document.entries if entry.source == BARCODES.identity)
    assert entry.active
    assert entry.version > FIRST[BARCODES.identity]


def test_revert__to_what_is_accepted__is_refused_and_leaves_no_draft(stage: Stage) -> None:
    with pytest.raises(NothingToSubmit, match="nothing to revert"):
        change_request_revert(actor=stage.people.member, revision=_first(stage))
    assert not stage.food.change_requests.exists()


def test_revert__a_stranger__is_refused(stage: Stage) -> None:
    _merged(stage, TableAct.REMOVE, BARCODES)
    with pytest.raises(NotAllowed):
        change_request_revert(actor=stage.people.stranger, revision=_first(stage))
