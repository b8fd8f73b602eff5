"""The words of the tables are the words of the config language."""

from deploy_engine.config import DatabaseEngine, Delivery, VersionState
from replication import choices


def test_choices__that_the_config_language_has_too__are_the_same() -> None:
    assert set(choices.Delivery.values) == {value.value for value in Delivery}
    assert set(choices.SourceEngine.values) == {value.value for value in DatabaseEngine}
    assert set(choices.VersionState.values) == {value.value for value in VersionState}
