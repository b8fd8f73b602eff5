"""Since my last shift: all that changed, ran and broke since a moment, and what is still odd now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from replication.models import AuditEvent, Deployment, EnvironmentStatus, Revision
from replication.selectors.exports.columns import team_word
from replication.selectors.keyset import in_pieces
from replication.selectors.shift import (
    Narrowed,
    Odd,
    broke_since,
    changed_since,
    odd_deployments,
    odd_now,
    ran_since,
)


class Row(NamedTuple):
    """One line. `part` is `changed`, `ran`, `broke` or `odd`, as the page's four parts; `at` since when, or when."""

    part: str
    at: datetime | None
    environment: str
    team: str
    what: str
    state: str = ""
    who: str = ""
    change_request: int | None = None
    deployment: int | None = None
    revision: int | None = None


def rows(since: datetime, narrowed: Narrowed, seen: Sequence[EnvironmentStatus]) -> Iterator[Row]:
    """The page's parts one after the other, each the newest first and whole."""
    for revisions in in_pieces(changed_since(since, narrowed), ("-created_at", "-id")):
        yield from map(_changed, revisions)
    for deployments in in_pieces(ran_since(since, narrowed), ("-id",)):
        yield from (_deployment("ran", each) for each in deployments)
    for events in in_pieces(broke_since(since, narrowed), ("-at", "-id")):
        yield from map(_broke, events)
    yield from _odd(odd_now(narrowed, seen=seen, deployments=odd_deployments(narrowed)))


def _changed(revision: Revision) -> Row:
    return Row(
        part="changed",
        at=revision.created_at,
        environment=revision.environment.name,
        team=team_word(revision.team),
        what=revision.title,
        who=revision.author_name,
        change_request=revision.change_request_id,
        revision=revision.number,
    )


def _deployment(part: str, deployment: Deployment) -> Row:
    return Row(
        part=part,
        at=deployment.created_at,
        environment=deployment.environment.name,
        team=team_word(deployment.team),
        what=deployment.sentence,
        state=str(deployment.state_choice.label),
        who=deployment.requested_by_name,
        change_request=deployment.change_request_id,
        deployment=deployment.pk,
    )


def _broke(event: AuditEvent) -> Row:
    return Row(
        part="broke",
        at=event.at,
        environment=event.environment.name if event.environment is not None else "",
        team=event.team.slug if event.team is not None else "",
        what=event.sentence,
        who=event.actor_name,
        change_request=event.change_request_id,
        deployment=event.deployment_id,
    )


def _odd(odd: Odd) -> Iterator[Row]:
    for incident in odd.incidents:
        scope = incident.environment.name, team_word(incident.team)
        yield Row("odd", incident.opened_at, *scope, incident.sentence, "incident", deployment=incident.deployment_id)
    yield from (_deployment("odd", each) for each in odd.deployments)
    for found in odd.tasks:
        setup, status = found.task.setup, found.task.status
        name = f"{setup.team.slug}-{found.task.name}: {found.health.face.meaning}"
        yield Row("odd", status.observed_at, setup.environment.name, setup.team.slug, name, found.health.label)
    for change in odd.out_of_sync:
        scope, state = (change.environment.name, team_word(change.team)), str(change.state_choice.label)
        yield Row(
            "odd", change.updated_at, *scope, change.title, state, change.author_name, change_request=change.number
        )
    for alarm in odd.alarms:
        yield Row("odd", alarm.since, alarm.environment, "", alarm.about, "alarm")
    for seen in odd.environments:
        yield Row("odd", seen.observed_at, seen.environment.name, "", seen.message, "AWS does not answer")
    if odd.git_waiting:
        yield Row("odd", None, "", "", odd.git_error, f"{odd.git_waiting} commits could not be written to git")
