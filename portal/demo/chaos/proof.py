"""What must be so once the killing is over: each proof gives what it found wrong, in sentences."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import boto3
import psycopg
from django.conf import settings

from deploy_engine.adapters.git_repository import GitRepository
from deploy_engine.config.physical_names import TARGET_SCHEMA
from portal.demo.database import access
from portal.demo.lake_snapshot import BrokenLakeError, Snapshot, lake_snapshot, source_snapshot
from portal.demo.place import Place
from replication.choices import TERMINAL_DEPLOYMENT_STATES, OutboxState
from replication.documents import environment_file_of
from replication.models import Deployment, Environment, Incident, OutboxItem, TableEntry, Team
from replication.selectors.company import company_files
from replication.selectors.incidents import deployed_last, tasks_wanted_running
from replication.selectors.scopes import latest_revision, subject_of_revision
from replication.services.engine import aws_hands, judge_with_aws

SETTLED_SECONDS = 240.0
EQUAL_SECONDS = 180.0
LOOK_SECONDS = 1.0

Problems = Iterator[str]


def nothing_is_under_way() -> Problems:
    """No deployment, no commit and no incident is left over."""
    live = Deployment.objects.exclude(state__in=TERMINAL_DEPLOYMENT_STATES)
    unsettled = Incident.objects.filter(settled_at__isnull=True)
    undelivered = OutboxItem.objects.filter(state=OutboxState.PENDING)
    _patiently(lambda: not live.exists() and not undelivered.exists() and not unsettled.exists(), SETTLED_SECONDS)
    for deployment in live:
        yield f"Deployment {deployment.pk} is {deployment.state}: {deployment.sentence}"
    for incident in unsettled:
        yield f"An incident stands: {incident.sentence}"
    if undelivered.exists():
        yield f"{undelivered.count()} commits were not delivered to git."


def every_task_runs(environment: Environment) -> Problems:
    """Every task that the deployed revisions want to run, runs."""
    with aws_hands(environment_file_of(environment)) as hands:
        for team in Team.objects.filter(setups__environment=environment):
            deployed = deployed_last(environment, team)
            wanted = tasks_wanted_running(deployed) if deployed is not None else {}
            seen = hands.tasks(wanted) if wanted else {}
            for name in wanted:
                if name not in seen or not seen[name].running:
                    yield f"{name} is {seen[name].status if name in seen else 'gone'}, and should run."


def database_and_aws_agree(environment: Environment) -> Problems:
    """What is accepted is deployed, and a plan made now finds nothing to do."""
    for team in (None, *Team.objects.filter(setups__environment=environment)):
        scope = team.slug if team is not None else "base"
        accepted, deployed = latest_revision(environment, team), deployed_last(environment, team)
        if accepted is None or deployed is None or deployed.revision_id != accepted.pk:
            yield f"{scope}: the accepted revision is not the deployed one."
            continue
        verdict = judge_with_aws(subject_of_revision(accepted))
        if verdict.plan is None or verdict.blocks:
            said = "; ".join(finding.message for finding in (*verdict.findings, *verdict.refusals))
            yield f"{scope}: its checks do not pass: {said}"
        elif verdict.plan.steps:
            yield f"{scope}: a plan of revision {accepted.number} still finds something to do in {deployed.stack}."


def git_has_what_is_accepted() -> Problems:
    """The head of the repository holds every file of the accepted config, byte for byte."""
    head = GitRepository(settings.GIT_REPOSITORY_PATH).read()
    for path, text in company_files().items():
        if head.get(path) != text:
            yield f"git's head has another {path} than the portal."


def the_lake_equals_the_source(place: Place, environment: Environment) -> Problems:
    """Each of food's tables, rebuilt from its files alone, has the rows that its source has."""
    s3 = boto3.client(
        "s3",
        endpoint_url=place.aws_url,
        region_name=environment.region,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the local AWS asks for none
    )
    entries = list(TableEntry.objects.filter(environment=environment, source_slug="fooddb", paused=False))
    with psycopg.connect(**access.access(place).arguments(access.SUPERUSER)) as database:

        def rebuilt(entry: TableEntry) -> tuple[Snapshot, Snapshot]:
            columns, keys = _columns(database, entry)
            source = source_snapshot(database, entry.schema_name, entry.table_name, keys)
            prefix = f"{TARGET_SCHEMA}/{entry.folder}/"
            return source, lake_snapshot(s3, environment.lake_bucket, prefix, columns, keys)

        def differ(entry: TableEntry) -> bool:
            source, lake = rebuilt(entry)
            return source != lake

        for entry in entries:
            try:
                _patiently(lambda entry=entry: not differ(entry), EQUAL_SECONDS)  # type: ignore[misc]
                source, lake = rebuilt(entry)
            except BrokenLakeError as broken:
                yield f"{entry.identity}: {broken}"
                continue
            if source != lake:
                rows = {key for key in source.keys() | lake.keys() if source.get(key) != lake.get(key)}
                yield f"{entry.identity} {entry.version}: {len(rows)} of {len(source)} rows differ from the source."


def _columns(database: psycopg.Connection[tuple[str, ...]], entry: TableEntry) -> tuple[list[str], list[str]]:
    table = [entry.schema_name, entry.table_name]
    columns = database.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s "
        "ORDER BY ordinal_position",
        table,
    ).fetchall()
    keys = database.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) "
        "WHERE i.indisprimary AND i.indrelid = format('%%I.%%I', %s::text, %s::text)::regclass "
        "ORDER BY array_position(i.indkey, a.attnum)",
        table,
    ).fetchall()
    return [name for (name,) in columns], [name for (name,) in keys]


def _patiently(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
