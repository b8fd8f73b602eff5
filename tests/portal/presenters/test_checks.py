"""The grouping of checks."""

from tests.portal.gallery_checks import CHECKS


def test_check_groups__mixed_results__put_what_could_not_run_with_the_failed() -> None:
    assert [check.id for check in CHECKS.failed] == ["versions.increasing", "s3.no-overwrite"]
    assert CHECKS.failed[1].could_not_run
    assert [check.id for check in CHECKS.warnings] == ["instance.capacity"]
    assert len(CHECKS.passed) == 3


def test_check_groups__a_finding_with_file_and_pointer__names_its_place() -> None:
    assert CHECKS.failed[0].findings[0].place == "environments/local/teams/food/tasks/foodsearch.json /tables/0/version"
