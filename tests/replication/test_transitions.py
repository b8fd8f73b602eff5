"""The table of transitions says all there is."""

import pytest

from replication.choices import ChangeRequestState as State
from replication.errors import WrongState
from replication.transitions import TRANSITIONS, Act, transition_find, transition_target


def test_transitions__each_act_and_state__leads_to_one_target() -> None:
    pairs = [(transition.act, source) for transition in TRANSITIONS for source in transition.sources]

    assert len(pairs) == len(set(pairs))


def test_transitions__every_act__stands_in_the_table() -> None:
    assert {transition.act for transition in TRANSITIONS} == set(Act)


def test_transitions__every_state__can_be_reached_from_draft() -> None:
    reached = {State.DRAFT}
    while True:
        more = {row.target for row in TRANSITIONS if reached & set(row.sources)} - reached
        if not more:
            break
        reached |= more

    assert reached == set(State)


@pytest.mark.parametrize("state", [State.DEPLOYED, State.CLOSED])
def test_transitions__final_states__lead_nowhere(state: State) -> None:
    assert [act for act in Act if transition_find(state, act) is not None] == []


def test_transition_target__act_without_meaning__says_where_it_has_one() -> None:
    with pytest.raises(WrongState, match=r"closed.*“merge” is possible only when it is approved"):
        transition_target(State.CLOSED, Act.MERGE)


def test_states__every_one__has_a_face() -> None:
    assert all(state.face.meaning for state in State)
