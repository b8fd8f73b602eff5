"""Teams as cards, and one team's overview."""

from __future__ import annotations

import pytest

from replication.choices import DeploymentState
from replication.errors import NotFound
from replication.selectors.teams import Sync, sync_of, team_cards, team_overview
from tests.replication.conftest import Stage


@pytest.mark.parametrize(
    ("latest", "deployed", "state", "sync"),
    [
        (1, None, None, Sync.NEVER),
        (None, None, None, Sync.NEVER),
        (2, 2, DeploymentState.DONE, Sync.SYNCED),
        (2, 1, DeploymentState.DONE, Sync.OUT_OF_SYNC),
        (2, 2, DeploymentState.RUNNING, Sync.DEPLOYING),
        (2, 2, DeploymentState.QUEUED, Sync.DEPLOYING),
        (2, 2, DeploymentState.FAILED_SAFE, Sync.OUT_OF_SYNC),
        (2, 2, DeploymentState.STUCK, Sync.OUT_OF_SYNC),
    ],
)
def test_sync_of__last_deployment_against_last_revision__becomes_one_word(
    latest: int | None, deployed: int | None, state: str | None, sync: Sync
) -> None:
    assert sync_of(latest, deployed, state) is sync


def test_team_cards__imported_company__count_tables_and_open_changes(stage: Stage) -> None:
    stage.draft("foodsearch.products")
    cards = {card.setup.team.slug: card for card in team_cards(environment=stage.environment)}
    assert (cards["food"].tables, cards["food"].open_changes) == (2, 1)
    assert (cards["orders"].tables, cards["orders"].open_changes) == (1, 0)
    assert cards["food"].latest_revision_number == 1


def test_team_cards__narrowed_to_no_team__are_none(stage: Stage) -> None:
    assert team_cards(teams=[]) == []


def test_team_overview__a_team__comes_with_tables_people_and_changes(stage: Stage) -> None:
    change = stage.draft("foodsearch.products")
    overview = team_overview(slug="food", environment=stage.environment)
    assert [table.entry.table_name for table in overview.tables] == ["barcodes", "brands"]
    assert overview.open_changes == [change]
    assert len(overview.members) == 3


def test_team_overview__no_such_team__is_refused_in_words(stage: Stage) -> None:
    with pytest.raises(NotFound, match="no team nobody"):
        team_overview(slug="nobody", environment=stage.environment)
