"""`examples/company`: canonical, and with all that the tour through Sluice shows."""

from deploy_engine.config import DatabaseEngine, Delivery, VersionState, write_company
from tests.engine.example_company import example_company, example_files


def test_example_company__written_again__gives_the_same_bytes() -> None:
    assert write_company(example_company()) == example_files()


def test_example_company__local__has_what_the_tour_shows() -> None:
    teams = example_company().environments["local"].teams
    tasks = [task for team in teams.values() for task in team.document.tasks.values()]
    engines = {source.engine for team in teams.values() for source in team.document.team.sources.values()}
    states = {state for team in teams.values() for table in team.ledger.root.values() for state in table.values()}

    assert len(teams) >= 4
    assert teams["food"].document.team.sources["fooddb"].engine is DatabaseEngine.POSTGRESQL
    assert "fooddb/foodsearch/barcodes" in {entry.source for entry in teams["food"].document.tasks["foodsearch"].tables}
    assert engines == set(DatabaseEngine)
    assert {task.delivery for task in tasks} == set(Delivery)
    assert any(task.paused for task in tasks)
    assert any(entry.paused for task in tasks for entry in task.tables)
    assert 55 <= sum(len(task.tables) for task in tasks) <= 65
    assert states == set(VersionState)


def test_example_company__ledgers__say_what_is_active() -> None:
    for environment in example_company().environments.values():
        for team in environment.teams.values():
            entries = [entry for _, entry in team.document.entries]
            assert team.ledger.after(entries) == team.ledger
