"""What ran and what is told of it: deployments with journals, incidents, events, messages, a source's list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from replication.choices import AuditKind, DeploymentState
from replication.models import (
    AuditChain,
    AuditEvent,
    ChangeRequest,
    Delivery,
    Deployment,
    Environment,
    Incident,
    JournalEntry,
    OutboxItem,
    ProposalBranch,
    ProposedScope,
    Revision,
    Source,
    SourceListing,
    Team,
)
from tests.portal.enormous import sizes
from tests.portal.enormous.sizes import Size

KINDS = (AuditKind.CHANGE_EDITED, AuditKind.DEPLOYMENT_STEP, AuditKind.TABLE_STATE_CHANGED, AuditKind.SIGNED_IN)


def deployments(
    environments: list[Environment], team: Team, change: ChangeRequest, people: list[User], size: Size
) -> tuple[Deployment, Deployment, Deployment]:
    """One that is done for every scope; then of the big team one that is done, one that failed, and one that runs."""
    for revision in Revision.objects.select_related("environment", "team").defer("document", "ledger"):
        _deployment(revision, None, people[1], DeploymentState.DONE, "done")
    base = Revision.objects.get(environment=environments[0], team=team)
    done, failed, running = (
        _deployment(base, change, people[1], state, phase)
        for state, phase in (
            (DeploymentState.DONE, "done"),
            (DeploymentState.FAILED_SAFE, "failed-safe"),
            (DeploymentState.RUNNING, "execute"),
        )
    )
    for deployment in (done, failed, running):
        JournalEntry.objects.bulk_create(
            JournalEntry(
                deployment=deployment,
                sequence=number + 1,
                at=deployment.created_at + timedelta(seconds=number),
                kind=("info", "warning", "error")[number % 3],
                phase=("planning", "prepare", "pause", "execute", "resume")[number * 5 // size.lines],
                sentence=sizes.text("It said"),
                detail=sizes.text("Resource handler returned message"),
            )
            for number in range(size.lines)
        )
    return done, failed, running


def _deployment(
    revision: Revision, change: ChangeRequest | None, by: User, state: DeploymentState, phase: str
) -> Deployment:
    now = timezone.now()
    plan = change.check_runs.get().plan if change is not None else None
    scope = revision.team.slug if revision.team is not None else "base"
    over = state != DeploymentState.RUNNING
    return Deployment.objects.create(
        run=f"run-{Deployment.objects.count() + 1}",
        stack=f"sluice-{revision.environment.name}-{scope}",
        environment=revision.environment,
        team=revision.team,
        revision=revision,
        change_request=change,
        state=state,
        phase=phase,
        plan=plan,
        sentence=sizes.text("It ended because"),
        told_state=state,
        requested_by=by,
        requested_by_name=by.get_full_name(),
        created_at=now,
        started_at=now,
        finished_at=now if over else None,
        paused_since=None if over else now,
    )


def told(environments: list[Environment], team: Team, people: list[User], deployment: Deployment, size: Size) -> None:
    """Events over the last days, incidents that stand, messages that could not be sent, and the source's tables."""
    now = timezone.now()
    tables = [f"{sizes.slug('source', 0)}/{'/'.join(sizes.table(number))}" for number in range(size.lines)]
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=now - timedelta(minutes=number),
            kind=KINDS[number % len(KINDS)],
            actor=people[number % len(people)],
            actor_name=people[number % len(people)].get_full_name(),
            environment=environments[number % len(environments)],
            team=team,
            deployment=deployment,
            change_request=deployment.change_request,
            table=tables[number % len(tables)],
            sentence=sizes.text("Somebody did something"),
            chain="-",
            sequence=number + 1,
            hash="0" * 64,
        )
        for number in range(size.events)
    )
    for number in range(size.lines):
        Incident.objects.create(
            kind="stands_still",
            environment=environments[number % len(environments)],
            team=team,
            deployment=deployment,
            subject=f"{team.slug}-{sizes.slug('task', 0)}-{number}",
            sentence=sizes.text("It stands still"),
            remedy=sizes.text("Somebody has to look"),
            opened_at=now,
        )
        Delivery.objects.create(
            user=people[number % len(people)],
            state="given_up",
            attempts=20,
            last_error=sizes.text("The mail server said no"),
            created_at=now,
            next_attempt_at=now,
        )
    source = Source.objects.get(environment=environments[0], slug=sizes.slug("source", 0))
    SourceListing.objects.create(
        source=source,
        catalogue_secret=source.catalogue_secret,
        tables=[[*sizes.table(number), 1_234_567, 987_654_321, "primary", ""] for number in range(size.tables * 2)],
        read_at=now,
        tried_at=now,
    )


def in_git(revisions: Iterable[Revision], changes: Iterable[ChangeRequest], lines: int) -> None:
    """A commit for each revision, `lines` that wait and fail, and a branch of the remote for each of `changes`."""
    now = timezone.now()
    done = [("done", "c" * 40, "", revision) for revision in revisions]
    waiting = [("pending", "", sizes.text("The remote said no"), None) for _ in range(lines)]
    for state, receipt, error, revision in (*done, *waiting):
        OutboxItem.objects.create(
            kind="git_commit",
            revision=revision,
            payload={},
            state=state,
            receipt=receipt,
            last_error=error,
            created_at=now,
            next_attempt_at=now,
        )
    for number, change in enumerate(changes):
        branch = ProposalBranch.objects.create(
            name=f"proposals/{sizes.slug('branch', number)}",
            commit="c" * 40,
            author_name="Somebody",
            author_email="somebody@example.com",
            title=sizes.text("Proposed", sizes.LONGEST_TITLE),
            read_at=now,
        )
        ProposedScope.objects.create(branch=branch, change_request=change, commit="c" * 40, document={}, taken_at=now)
    for chain in ("-", *Environment.objects.values_list("name", flat=True)):
        AuditChain.objects.create(name=chain, sequence=123_456, anchored_sequence=120_000, anchored_at=now)
