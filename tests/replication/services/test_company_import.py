"""A company comes in whole or not at all, and goes out as it came."""

import json
from pathlib import Path

import pytest

from replication.choices import VersionState
from replication.errors import InvalidInput, NotAllowed, NotEmpty
from replication.models import Environment, LedgerEntry, OutboxItem, Revision, TableEntry, Team
from replication.selectors.company import company_files
from replication.services.company_import import company_import
from tests.replication.company import FILES, team
from tests.replication.factories import GlobalRoleFactory, UserFactory

EXAMPLE = Path(__file__).parents[3] / "examples" / "company"
TASK = "environments/local/teams/food/tasks/foodsearch.json"


@pytest.mark.django_db
def test_import__small_company__every_scope_has_revision_1(db: None) -> None:
    company_import(actor=None, files=FILES)

    scopes = {(revision.team.slug if revision.team else None, revision.number) for revision in Revision.objects.all()}
    assert scopes == {(None, 1), ("food", 1), ("orders", 1)}
    assert LedgerEntry.objects.get(version="v202001010000").state == VersionState.RETIRED
    assert OutboxItem.objects.count() == 1
    assert TableEntry.history.filter(actor_name="Sluice").count() == TableEntry.objects.count() == 3


@pytest.mark.django_db
def test_export__after_an_import__gives_the_same_bytes() -> None:
    files = {path.relative_to(EXAMPLE).as_posix(): path.read_text() for path in EXAMPLE.rglob("*.json")}

    company_import(actor=None, files=files)

    assert company_files() == files


@pytest.mark.django_db
def test_import__portal_that_has_something__is_refused() -> None:
    company_import(actor=None, files=FILES)

    with pytest.raises(NotEmpty):
        company_import(actor=None, files=FILES)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "text", "check"),
    [
        (TASK, "{", "config.schema"),
        (TASK, FILES[TASK].replace('"main"', '"none"'), "config.references"),
        (TASK, FILES[TASK].replace("v202011191200", "v202001010000"), "versions.increasing"),
        (
            "environments/local/teams/food/team.json",
            json.dumps(team("food", "fooddb")).replace("sluice/food/", "sluice/orders/"),
            "secrets.own",
        ),
    ],
)
def test_import__unfit_file__is_refused_with_its_check_and_leaves_nothing(path: str, text: str, check: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        company_import(actor=None, files={**FILES, path: text})

    assert check in {finding.check for finding in refusal.value.findings}
    assert path in {finding.file for finding in refusal.value.findings}
    assert not Environment.objects.exists()
    assert not Team.objects.exists()


@pytest.mark.django_db
def test_import__by_people__is_for_the_platform_team() -> None:
    with pytest.raises(NotAllowed):
        company_import(actor=UserFactory(), files=FILES)

    platform = GlobalRoleFactory().user
    company_import(actor=platform, files=FILES)
    assert set(Revision.objects.values_list("author", flat=True)) == {platform.pk}
