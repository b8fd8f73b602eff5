"""State badges."""

import pytest

from portal.presenters.badges import badge_for
from replication.choices import ChangeRequestState, DeploymentState


@pytest.mark.parametrize("state", [*ChangeRequestState, *DeploymentState])
def test_badge_for__every_state__has_a_word_and_a_symbol_beside_its_tone(
    state: ChangeRequestState | DeploymentState,
) -> None:
    badge = badge_for(state)
    assert badge.label
    assert badge.symbol
    assert badge.meaning.endswith(".")
