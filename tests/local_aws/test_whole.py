"""The main road: a company's base and team stack, a task that loads, a change while it runs and while it is stopped."""

from deploy_engine.local_aws.testing import LocalAws
from tests.local_aws.driving import deploy, keys, start, stop, tables, task
from tests.local_aws.templates import mappings, team_template


def test_whole__stack_start_stop_change_resume__tables_load_where_the_mapping_says(team: LocalAws) -> None:
    assert task(team)["Status"] == "ready"
    assert start(team) == "running"
    assert {item["TableState"] for item in tables(team).values()} <= {"Full load", "Table completed"}
    team.advance(120)
    assert {name: item["TableState"] for name, item in tables(team).items()} == {
        "barcodes": "Table completed",
        "brands": "Table completed",
    }
    assert "data/fooddb_foodsearch_barcodes_v202601010000/LOAD00000001.csv.gz" in keys(team)

    more = team_template({"foodsearch": mappings("barcodes", "brands", "new_table")})
    assert deploy(team, "sluice-local-food", more) == "UPDATE_ROLLBACK_COMPLETE"
    assert task(team)["Status"] == "running"

    assert stop(team) == "stopped"
    assert deploy(team, "sluice-local-food", more) == "UPDATE_COMPLETE"
    assert start(team, "resume-processing", 120) == "running"
    assert tables(team)["new_table"]["TableState"] == "Table completed"
    assert len(keys(team, "data/fooddb_foodsearch_new_table_v202601010000/LOAD")) >= 1
