"""A record as a busy company leaves it: events, revisions with their change requests and deployments, tables' lives."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.record.accepted import team_accepted

TEAMS = 40
PEOPLE = 60
TABLES = 100
"""Of each team, in one task."""

MOVED = 9
"""Tables that a revision reloads: so many rows of history come with it."""

KEPT = 3
"""Versions of a table that a revision's copy of the ledger has here; all of them would be most of the database."""

AT_ONCE = 2_000
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS_APART = 20
KINDS = ("task.state_changed", "table.state_changed", "change_request.edited", "checks.finished", "deployment.step")
RARE = (
    "review.refused",
    "deployment.failed",
    "attempt.refused",
    "session.refused",
    "incident.opened",
    "task.failed",
    "table.failed",
    "alarm.went_off",
)
_A_CHANGES = ("change_request", "checks", "review", "deployment")
_PERSONAL = ("change_request", "checks", "review", "attempt", "session")


@dataclass(frozen=True)
class Sizes:
    """How many rows of each kind a record of so many rows has: events, rows of history of tables, revisions."""

    events: int
    history: int
    revisions: int

    @classmethod
    def of(cls, rows: int) -> Sizes:
        """Eight of ten are events."""
        revisions = rows // 5 // (MOVED + 1)
        history = revisions * MOVED
        return cls(rows - history - revisions, history, revisions)

    @property
    def span(self) -> timedelta:
        """From the first event to the last."""
        return timedelta(seconds=SECONDS_APART * self.events)


class Filling:
    """One record, filled in order of its keys; the same in every run."""

    def __init__(self, rows: int) -> None:
        from django.contrib.auth.models import User  # noqa: PLC0415 - needs Django

        from benchmarks.companies import food_with_tables  # noqa: PLC0415 - as above
        from deploy_engine.config import document_to_json  # noqa: PLC0415 - as above
        from replication import models  # noqa: PLC0415 - as above

        self.sizes = Sizes.of(rows)
        self.chance = random.Random(1)  # noqa: S311 - the same rows in every run
        self.environment = models.Environment.objects.create(name="bench", account="1" * 12, region="eu-central-1")
        self.teams = [models.Team.objects.create(slug=f"team{number}", title="A team") for number in range(TEAMS)]
        self.people = [
            User.objects.create(username=f"person{number}", first_name=f"Person{number}", last_name="Example")
            for number in range(PEOPLE)
        ]
        models.GlobalRole.objects.create(user=self.people[0], role="auditor")
        self.text = json.dumps(document_to_json(food_with_tables(TABLES).team.document))
        self.documents = [json.loads(self.text.replace("fooddb", f"db{number}")) for number in range(TEAMS)]
        self.ledgers: list[dict[str, dict[str, str]]] = [{} for _ in range(TEAMS)]
        self.entries: list[list[Any]] = []
        self.newest_hash = ""

    def run(self) -> None:
        """Fill all of it."""
        from replication import models  # noqa: PLC0415 - needs Django

        accepted = zip(self.teams, self.documents, strict=True)
        self.entries = [
            team_accepted(self.environment, team, document, source=f"db{number}")
            for number, (team, document) in enumerate(accepted)
        ]
        _keep(models.ChangeRequest, self._change_requests())
        for batch in _batches(self._revisions()):
            models.Revision.objects.bulk_create([revision for revision, _ in batch])
            models.TableEntry.history.model.objects.bulk_create([row for _, rows in batch for row in rows])
        _keep(models.Review, self._reviews())
        _keep(models.Deployment, self._deployments())
        _keep(models.LedgerEntry, self._ledger_rows())
        _keep(models.AuditEvent, self._events())
        models.AuditChain.objects.create(name="bench", sequence=self.sizes.events, hash=self.newest_hash)
        _sequences_and_statistics()

    def _at(self, revision: int) -> datetime:
        return BEGAN + self.sizes.span * revision / (self.sizes.revisions + 1)

    def _change_requests(self) -> Iterator[Any]:
        from replication import models  # noqa: PLC0415 - needs Django

        for number in range(1, self.sizes.revisions + 1):
            author = self.people[number % PEOPLE]
            yield models.ChangeRequest(
                pk=number,
                environment=self.environment,
                team=self.teams[number % TEAMS],
                title=f"Change {number} of a team",
                description="The usual sentence that says why somebody wants it.",
                state="deployed",
                author=author,
                author_name=f"{author.first_name} Example",
                document={},
                created_at=self._at(number),
                updated_at=self._at(number),
                merged_at=self._at(number),
            )

    def _revisions(self) -> Iterator[tuple[Any, list[Any]]]:
        """Each with the rows of history of the tables that it reloads; of a team's first, of all its tables."""
        from deploy_engine.diffing import table_place  # noqa: PLC0415 - needs Django
        from replication import models  # noqa: PLC0415 - as above

        history = models.TableEntry.history.model
        for key in range(1, self.sizes.revisions + 1):
            which, number = key % TEAMS, 1 + (key - 1) // TEAMS
            document = self.documents[which]
            author = self.people[key % PEOPLE]
            lines = document["tasks"]["foodsearch"]["tables"]
            moved = range(TABLES) if number == 1 else sorted(self.chance.sample(range(TABLES), MOVED))
            version = f"v{self._at(key):%Y%m%d%H%M}"
            rows = []
            changed: list[str] | None = None if number == 1 else []
            for place in moved:
                line, entry = lines[place], self.entries[which][place]
                versions = self.ledgers[which].setdefault(line["source"], {})
                if versions:
                    versions[line["version"]] = "retired"
                line["version"] = entry.version = version
                versions[version] = "active"
                if changed is not None:
                    changed.append(table_place("foodsearch", line["source"]))
                values = {field.attname: getattr(entry, field.attname) for field in entry._meta.concrete_fields}
                stamp = {"actor_name": f"{author.first_name} Example", "change_request_number": key}
                kind = "+" if number == 1 else "~"
                rows.append(history(history_date=self._at(key), history_type=kind, **values, **stamp))
            revision = models.Revision(
                pk=key,
                environment=self.environment,
                team=self.teams[which],
                number=number,
                document=json.loads(json.dumps(document)),
                document_hash=models_hash(document),
                ledger={name: dict(list(versions.items())[-KEPT:]) for name, versions in self.ledgers[which].items()},
                changed=changed,
                title=f"Change {key} of a team",
                change_request_id=key,
                author=author,
                author_name=f"{author.first_name} Example",
                created_at=self._at(key),
            )
            yield revision, rows

    def _reviews(self) -> Iterator[Any]:
        from replication import models  # noqa: PLC0415 - needs Django

        for number in range(1, self.sizes.revisions + 1):
            reviewer = self.people[(number + 1) % PEOPLE]
            yield models.Review(
                change_request_id=number,
                reviewer=reviewer,
                reviewer_name=f"{reviewer.first_name} Example",
                verdict="approve",
                reason="Small tables, and search has waited for them.",
                at=self._at(number),
            )

    def _deployments(self) -> Iterator[Any]:
        from replication import models  # noqa: PLC0415 - needs Django

        for number in range(1, self.sizes.revisions + 1):
            yield models.Deployment(
                pk=number,
                run=f"bench-{number}",
                stack=f"sluice-bench-team{number % TEAMS}",
                environment=self.environment,
                team=self.teams[number % TEAMS],
                revision_id=number,
                change_request_id=number,
                state="done",
                requested_by_name="Person0 Example",
                created_at=self._at(number),
                started_at=self._at(number),
                finished_at=self._at(number) + timedelta(minutes=4),
            )

    def _ledger_rows(self) -> Iterator[Any]:
        from replication import models  # noqa: PLC0415 - needs Django

        setups = {setup.team_id: setup for setup in models.TeamSetup.objects.all()}
        for team, ledger in zip(self.teams, self.ledgers, strict=True):
            for identity, versions in ledger.items():
                for version, state in versions.items():
                    yield models.LedgerEntry(setup=setups[team.pk], identity=identity, version=version, state=state)

    def _events(self) -> Iterator[Any]:
        """Mostly states, some people, few failures; chained as the service does."""
        from replication.audit_chain import GENESIS, row_hash  # noqa: PLC0415 - needs Django
        from replication.models import AuditEvent  # noqa: PLC0415 - as above

        self.newest_hash = GENESIS
        total = self.sizes.events
        for number in range(1, total + 1):
            kind = RARE[number // 1000 % len(RARE)] if number % 1000 == 0 else KINDS[number % len(KINDS)]
            about = kind.partition(".")[0]
            change = max(1, number * self.sizes.revisions // total) if about in _A_CHANGES else None
            which = change % TEAMS if change is not None else self.chance.randrange(TEAMS)
            person = self.people[self.chance.randrange(PEOPLE)] if about in _PERSONAL else None
            event = AuditEvent(
                pk=number,
                at=BEGAN + timedelta(seconds=SECONDS_APART * number),
                kind=kind,
                actor=person,
                actor_name=f"{person.first_name} Example" if person is not None else "Sluice",
                environment=self.environment,
                team=self.teams[which],
                change_request_id=change,
                object_type="task",
                object_id=str(number % 500),
                table=f"db{which}/foodsearch/table_{number % TABLES:05}" if about == "table" else "",
                sentence=f"Event {number} of {kind} happened, with a sentence of the usual length about it.",
                data={"task": f"team-task{number % 500}", "from": "running", "to": "stopped"},
                chain="bench",
                sequence=number,
            )
            event.hash = self.newest_hash = row_hash(self.newest_hash, "bench", number, event.chained_values)
            yield event


def models_hash(document: dict[str, Any]) -> str:
    """A document's hash, as it is accepted with."""
    from replication.documents import document_hash  # noqa: PLC0415 - needs Django

    return document_hash(document)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    yield batch


def _keep(model: Any, rows: Iterable[Any]) -> None:
    for batch in _batches(rows):
        model.objects.bulk_create(batch)


def _sequences_and_statistics() -> None:
    """Keys were given here, so PostgreSQL's own counters follow; and both databases are told what is in the tables."""
    from django.core.management.color import no_style  # noqa: PLC0415 - needs Django
    from django.db import connection  # noqa: PLC0415 - as above

    from replication import models  # noqa: PLC0415 - as above

    kept = [models.AuditEvent, models.ChangeRequest, models.Revision, models.Deployment]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
