"""Environments, teams with their tables as accepted, and people: rows written many at a time."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from replication import documents, models
from tests.portal.enormous import sizes
from tests.portal.enormous.sizes import Size
from tests.replication.factories import EnvironmentFactory, GlobalRoleFactory, MembershipFactory, UserFactory

FIRST_VERSION = "v202401010000"
VERSION = "v202501010000"
NEWER_VERSION = "v202506010000"
TWICE = 1
"""The table that stands in a second task with a newer version: a reload without a gap, in every team."""
IN_SMALL_TASKS = 20
"""One table of so many lies in a small task; all the others of the big team in one."""
BESIDE = 3
"""Tables of every other team."""
AT_ONCE = 500


def environments(size: Size) -> list[models.Environment]:
    """Each last seen whole, with its base accepted and deployed."""
    made: list[models.Environment] = [
        EnvironmentFactory(name=sizes.slug("place", n), position=n, allowed_host_suffixes=[".example.com"])
        for n in range(size.environments)
    ]
    now = timezone.now()
    for environment in made:
        models.EnvironmentStatus.objects.create(
            environment=environment,
            reachable=True,
            base_stack_state="UPDATE_COMPLETE",
            quotas=[["replication tasks", 900, 1000], ["replication instances", 30, 60]],
            observed_at=now,
        )
        file = documents.environment_file_of(environment).model_dump(mode="json", exclude_none=True)
        _revision(environment, None, {"environment": file}, {})
    return made


def teams(size: Size, everywhere: list[models.Environment]) -> list[models.Team]:
    """The big one first, in every environment; the last one in none."""
    made = [
        models.Team.objects.create(slug=sizes.team_slug(n), title=sizes.text(f"Team {n}", sizes.LONGEST_TITLE))
        for n in range(size.teams)
    ]
    for position, environment in enumerate(everywhere):
        _accepted(environment, made[0], 0, size.tables if position == 0 else BESIDE)
    for number, team in enumerate(made[1:-1], 1):
        for environment in everywhere[:2]:
            _accepted(environment, team, number, BESIDE)
    models.TeamSetup.objects.create(
        team=made[-1], environment=everywhere[0], title="Nothing yet", contacts=["a@example.com"], alert_channel="a@b.c"
    )
    return made


def document(team: models.Team, number: int, tables: int) -> dict[str, Any]:
    """What the team replicates: one task with nearly everything, a small one for each twenty tables up to four, and one
    that loads a newer version of one table."""
    source = sizes.slug("source", number)
    names = [sizes.slug("task", n) for n in range(min(5, 1 + tables // IN_SMALL_TASKS))]
    held: dict[str, list[dict[str, str]]] = {name: [] for name in names}
    for n in range(tables):
        small = n % IN_SMALL_TASKS == IN_SMALL_TASKS - 1 and len(names) > 1
        name = names[1 + n // IN_SMALL_TASKS % (len(names) - 1)] if small else names[0]
        schema, table = sizes.table(n)
        held[name].append({"source": f"{source}/{schema}/{table}", "version": VERSION})
    schema, table = sizes.table(TWICE)
    held[sizes.slug("task", 99)] = [{"source": f"{source}/{schema}/{table}", "version": NEWER_VERSION}]
    return {
        "team": {
            "title": team.title,
            "contacts": [f"{team.slug}@example.com"],
            "alert_channel": f"{team.slug}@example.com",
            "sources": {
                source: {
                    "engine": "postgres",
                    "database": "warehouse",
                    "secret": f"sluice/{team.slug}/{source}",
                    "catalogue_secret": f"sluice/{team.slug}/catalogue",
                    "log_retention_hours": 72,
                    "loads_at_once": 49,
                }
            },
            "instances": {
                sizes.slug("machine", 0): {
                    "class": "dms.r5.4xlarge",
                    "storage_gb": 500,
                    "engine_version": "3.5.4",
                    "multi_az": True,
                }
            },
        },
        "tasks": {
            name: {
                "source": source,
                "instance": sizes.slug("machine", 0),
                "delivery": "10min",
                "paused": False,
                "tables": sorted(entries, key=lambda entry: entry["source"]),
            }
            for name, entries in held.items()
        },
    }


def _accepted(environment: models.Environment, team: models.Team, number: int, tables: int) -> None:
    value = document(team, number, tables)
    parsed = documents.team_document_of(value)
    setup = models.TeamSetup.objects.create(
        team=team, environment=environment, **documents.setup_values(parsed.team), risky_loads=400
    )
    sources = {
        slug: models.Source.objects.create(
            setup=setup, environment=environment, slug=slug, **documents.source_values(source)
        )
        for slug, source in parsed.team.sources.items()
    }
    machines = {
        name: models.Instance.objects.create(setup=setup, name=name, **documents.instance_values(instance))
        for name, instance in parsed.team.instances.items()
    }
    for name, file in parsed.tasks.items():
        task = models.Task.objects.create(
            setup=setup,
            name=name,
            source=sources[file.source],
            replication_instance=machines[file.instance],
            **documents.task_values(file),
        )
        _tables(environment, task, [documents.entry_values(entry) for entry in file.tables])
    ledger: dict[str, dict[str, str]] = {}
    for _, entry in parsed.entries:
        ledger.setdefault(entry.source, {FIRST_VERSION: "retired"})[entry.version] = "active"
    rows = [
        models.LedgerEntry(setup=setup, identity=identity, version=version, state=state)
        for identity, versions in ledger.items()
        for version, state in versions.items()
    ]
    bulk_create_with_history(rows, models.LedgerEntry, batch_size=AT_ONCE, default_change_reason="imported")
    _revision(environment, team, value, ledger)


def _tables(environment: models.Environment, task: models.Task, values: list[dict[str, Any]]) -> None:
    """The entries of one task, and what was last seen of each: every twelfth loads, every thirtieth is in error."""
    now = timezone.now()
    made = [models.TableEntry(environment=environment, task=task, **row) for row in values]
    bulk_create_with_history(made, models.TableEntry, batch_size=AT_ONCE, default_change_reason="imported")
    entries = list(models.TableEntry.objects.filter(task=task))
    states = [
        "Table error" if n % 30 == 2 else "Full load" if n % 12 == 1 else "Table completed" for n in range(len(entries))
    ]
    models.TableStatus.objects.bulk_create(
        [
            models.TableStatus(
                entry=entry, state=state, full_load_rows=123_456_789, inserts=1_000_000, full_load_started_at=now,
                full_load_ended_at=now if state == "Table completed" else None, observed_at=now,
            )
            for entry, state in zip(entries, states, strict=True)
        ]
    )  # fmt: skip
    models.TaskStatus.objects.create(
        task=task,
        state="running",
        full_load_percent=80,
        tables_loaded=len(entries),
        latency_seconds=45,
        observed_at=now,
    )
    points = [[int(now.timestamp()) - 300 * n, 20 + n % 7, 30 + n % 11] for n in range(576, 0, -1)]
    models.TaskLatency.objects.create(task=task, points=points, asked_at=now)


def _revision(
    environment: models.Environment, team: models.Team | None, document: dict[str, Any], ledger: dict[str, Any]
) -> models.Revision:
    return models.Revision.objects.create(
        environment=environment,
        team=team,
        number=1,
        document=document,
        document_hash=documents.document_hash(document),
        ledger=ledger,
        title=sizes.text("Imported", sizes.LONGEST_TITLE),
        author_name="Sluice",
        created_at=timezone.now(),
    )


def people(size: Size, teams: list[models.Team]) -> list[User]:
    """A platform engineer who is an auditor too; then members and reviewers, half of them the big team's."""
    made: list[User] = [
        UserFactory(username=f"person{n}", first_name=sizes.text(f"Person{n}", 60), last_name=f"Example{n}")
        for n in range(size.people)
    ]
    GlobalRoleFactory(user=made[0])
    GlobalRoleFactory(user=made[0], role="auditor")
    for number, user in enumerate(made[1:]):
        role = "reviewer" if number % 2 else "member"
        MembershipFactory(user=user, team=teams[0 if number < len(made) / 2 else number % len(teams)], role=role)
    return made
