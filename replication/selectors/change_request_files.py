"""What a team's change writes: the files in git, each task's mappings, and the template; before and after, as texts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from deploy_engine.config import Company, EnvironmentConfig, Subject, TeamConfig, TeamDocument, write_team
from deploy_engine.planning import Plan
from deploy_engine.rendering import render_team_stack, task_mappings
from replication.documents import environment_file_of
from replication.models import ChangeRequest, Environment, Review, Team
from replication.selectors.approvals import plan_of


@dataclass(frozen=True)
class TextChange:
    """One text before and after; empty where there is none."""

    title: str
    before: str
    after: str


def files_changed(
    environment: Environment, team: Team, before: TeamDocument | None, after: TeamDocument
) -> list[TextChange]:
    """The files of the config repository that differ. The ledger is written at merge and is not among them."""
    old = write_team(environment.name, TeamConfig(team.slug, before)) if before is not None else {}
    new = write_team(environment.name, TeamConfig(team.slug, after))
    return _differing(old, new)


def mappings_changed(before: TeamDocument | None, after: TeamDocument) -> list[TextChange]:
    """The tasks whose TableMappings differ, as DMS is given them, a line per value."""
    return _differing(_mappings(before), _mappings(after))


def template_changed(
    environment: Environment, team: Team, before: TeamDocument | None, after: TeamDocument
) -> list[TextChange]:
    """The team stack's template, as CloudFormation is given it."""
    name = f"{environment.name}/{team.slug}.template.json"
    old = {name: _template(environment, team, before)} if before is not None else {}
    return _differing(old, {name: _template(environment, team, after)})


def document_of_review(change_request: ChangeRequest, review: Review) -> dict[str, Any] | None:
    """The document that a reviewer of `change_request` looked at, as far as it is still known."""
    edit = change_request.edits.filter(document_hash=review.document_hash).order_by("-id").first()
    return edit.document if edit is not None else None


def plan_of_review(change_request: ChangeRequest, review: Review) -> Plan | None:
    """The plan that a reviewer looked at, as far as it is still known."""
    if not review.fingerprint:
        return None
    runs = change_request.check_runs.filter(fingerprint=review.fingerprint, plan__isnull=False)
    return plan_of(runs.order_by("-id").first())


def _differing(old: dict[str, str], new: dict[str, str]) -> list[TextChange]:
    return [
        TextChange(name, old.get(name, ""), new.get(name, ""))
        for name in sorted(set(old) | set(new))
        if old.get(name) != new.get(name)
    ]


def _mappings(document: TeamDocument | None) -> dict[str, str]:
    if document is None:
        return {}
    return {
        f"{name} · TableMappings": json.dumps(json.loads(task_mappings(task)), indent=2)
        for name, task in document.tasks.items()
    }


def _template(environment: Environment, team: Team, document: TeamDocument) -> str:
    config = EnvironmentConfig(
        environment.name, environment_file_of(environment), {team.slug: TeamConfig(team.slug, document)}
    )
    subject = Subject(Company({environment.name: config}), environment.name, team.slug)
    return render_team_stack(subject).text
