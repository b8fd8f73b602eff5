"""Deploying a stack by hand, for tests about something else than deployments."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from deploy_engine.adapters.observer import stack_of
from deploy_engine.config import Company, EnvironmentFile, Subject, TableEntry, TeamDocument
from deploy_engine.execution.ports import AwsHands
from deploy_engine.local_aws.testing import LocalAws
from deploy_engine.rendering import render

COMPANY = Path(__file__).parents[3] / "examples" / "company"


def deploy_stack(aws: LocalAws, hands: AwsHands, subject: Subject) -> None:
    """Create or update the subject's stack, and start what never ran and is not paused."""
    environment, stack, text = subject.environment.file, stack_of(subject), render(subject).text
    first = hands.stack(stack, with_template=False) is None
    hands.put_template(environment.templates_bucket, f"{stack}.json", text)
    hands.create_change_set(
        stack, "by-hand", bucket=environment.templates_bucket, key=f"{stack}.json", first=first, token="by-hand-1"
    )
    aws.advance(5)
    view = hands.change_set(stack, "by-hand")
    assert view is not None
    assert view.status == "CREATE_COMPLETE", view
    hands.execute_change_set(stack, "by-hand", "by-hand-1")
    aws.advance(60)
    deployed = hands.stack(stack, with_template=False)
    assert deployed is not None
    assert deployed.updatable, deployed


def deploy_team(aws: LocalAws, hands: AwsHands, company: Company, team: str) -> None:
    """The base stack, where it is not there yet, and a team's, all tasks running and loaded."""
    base = Subject(company, "local", None)
    if hands.stack(stack_of(base), with_template=False) is None:
        deploy_stack(aws, hands, base)
    subject = Subject(company, "local", team)
    deploy_stack(aws, hands, subject)
    names = [f"{team}-{name}" for name, task in subject.team.document.tasks.items() if not task.paused]
    for task in hands.tasks(names).values():
        hands.start_task(task.arn, first=True)
    aws.advance(600)


def with_table(company: Company, team: str, task: str, entry: TableEntry) -> Company:
    """The company with one more table in a task of the local environment."""
    document = company.environments["local"].teams[team].document
    file = document.tasks[task]
    changed = file.model_copy(update={"tables": tuple(sorted((*file.tables, entry), key=lambda e: e.sort_key))})
    return with_document(company, team, document.with_task(task, changed))


def with_document(company: Company, team: str, document: TeamDocument) -> Company:
    """The company with another document of a team in the local environment."""
    environment = company.environments["local"]
    return company.with_environment(environment.with_team(replace(environment.teams[team], document=document)))


def at(environment: EnvironmentFile, url: str) -> EnvironmentFile:
    """The same environment behind another endpoint."""
    return environment.model_copy(update={"endpoint_url": url})
