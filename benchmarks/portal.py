"""What the portal does for every edit: judging one team's config in a large company, from its database."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from benchmarks.companies import VERSION
from benchmarks.engine import TABLES_OF_EACH, TEAMS, big_fleet
from benchmarks.measuring import Measurement, measure
from deploy_engine.checks import CATALOGUE, Case
from deploy_engine.checks.fleet import SURE_OF, fleet_findings
from deploy_engine.config import Company, document_to_json, parse_company
from deploy_engine.live import Observation

AT_ONCE = 2_000
ENVIRONMENT = "local"


def _database() -> None:
    """An empty database in memory."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings_test"
    import django  # noqa: PLC0415 - needs the variable above

    django.setup()
    from django.test.runner import DiscoverRunner  # noqa: PLC0415 - needs the settings

    DiscoverRunner(verbosity=0, interactive=False).setup_databases()


def _filled(company: Company) -> None:
    """The company's rows, without their history: 200,000 tables one by one would take an hour."""
    from replication import documents, models  # noqa: PLC0415 - needs Django

    config = company.environments[ENVIRONMENT]
    environment = models.Environment.objects.create(name=ENVIRONMENT, **documents.environment_values(config.file))
    entries: list[models.TableEntry] = []
    ledgers: list[models.LedgerEntry] = []
    for slug, of in config.teams.items():
        team = models.Team.objects.create(slug=slug, title=slug)
        values = documents.setup_values(of.document.team)
        setup = models.TeamSetup.objects.create(team=team, environment=environment, **values)
        ((name, source),) = of.document.team.sources.items()
        ((machine, instance),) = of.document.team.instances.items()
        database = models.Source.objects.create(
            setup=setup, environment=environment, slug=name, **documents.source_values(source)
        )
        host = models.Instance.objects.create(setup=setup, name=machine, **documents.instance_values(instance))
        for task_name, file in of.document.tasks.items():
            task = models.Task.objects.create(
                setup=setup, name=task_name, source=database, replication_instance=host, **documents.task_values(file)
            )
            entries += [
                models.TableEntry(environment=environment, task=task, **documents.entry_values(entry))
                for entry in file.tables
            ]
        ledgers += [
            models.LedgerEntry(setup=setup, identity=identity, version=version, state=state.value)
            for identity, versions in of.ledger.root.items()
            for version, state in versions.items()
        ]
    models.TableEntry.objects.bulk_create(entries, batch_size=AT_ONCE)
    models.LedgerEntry.objects.bulk_create(ledgers, batch_size=AT_ONCE)


def one_edit() -> Iterator[Measurement]:
    """Judge one team's edit where all other teams are in the database, beside checking the whole fleet from text."""
    _database()
    from replication.documents import team_document_of  # noqa: PLC0415 - needs Django
    from replication.models import Environment, Team  # noqa: PLC0415 - as above
    from replication.selectors.scopes import subject_of_team  # noqa: PLC0415 - as above

    files, now = big_fleet(), datetime.now(UTC)
    company = parse_company(files).company
    if company is None:
        raise ValueError("the fleet does not parse")
    _filled(company)
    slug = f"team{TEAMS // 2:04}"
    team, environment = Team.objects.get(slug=slug), Environment.objects.get(name=ENVIRONMENT)
    draft = document_to_json(company.environments[ENVIRONMENT].teams[slug].document)
    accepted, number = draft["tasks"]["first"]["tables"], count()
    checks = [check for check in CATALOGUE if check.id in SURE_OF]

    def judged() -> None:
        added = {"source": f"{slug}-db/added/table_{next(number)}", "version": VERSION}  # none was judged before
        draft["tasks"]["first"]["tables"] = [*accepted, added]
        subject = subject_of_team(environment, team, team_document_of(draft))
        case = Case(subject, None, None, Observation.offline(now), now)
        if any(finding for check in checks for finding in check.run(case)):
            raise ValueError("the fleet has a finding")

    yield measure(
        title=f"the same checks for one team's edit of {TABLES_OF_EACH} tables, in the portal",
        ours=judged,
        peer_name=f"checking all {TEAMS:,} teams from text",
        peer=lambda: fleet_findings(files, now),
        goal=0.01,
    )


BENCHMARKS = (one_edit,)
