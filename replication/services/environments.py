"""What the platform team does with environments as such: adding one, their order, and bringing a team into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from pydantic import AfterValidator

from deploy_engine.config import BaseDocument, TeamDocument, parse_value
from deploy_engine.config.names import Slug, check_team_slug
from deploy_engine.config.strict_model import StrictModel
from replication.choices import AuditKind
from replication.documents import environment_values
from replication.errors import InvalidInput, WrongState
from replication.models import ChangeRequest, Environment, Revision, Team, TeamSetup
from replication.policies import can_manage_platform, require
from replication.services.acceptance import Acceptance, team_document_accept
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.change_requests import draft_open
from replication.services.checks import check_run_create
from replication.services.committing import revision_commit
from replication.services.editing import record_edit
from replication.services.environment_edits import environment_document
from replication.services.inputs import input_finding, required_text
from replication.services.rows import row_change, row_save
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from deploy_engine.findings import Finding


@service
def environment_add(*, actor: User, name: str, values: Mapping[str, Any]) -> ChangeRequest:
    """Make an environment, last in the order, and open the change request that deploys its base stack.

    `values` are those of its file by place, as `change_request_edit_environment` takes them.
    """
    require(can_manage_platform(actor))
    name = name.strip()
    _refuse_unfit(_NamedEnvironment, name=name)
    document = environment_document({"environment": {}}, values)
    last = Environment.objects.order_by("-position").first()
    environment = Environment(
        name=name, position=last.position + 1 if last is not None else 0, **environment_values(document.environment)
    )
    try:
        row_save(environment, actor=actor, reason="added")
    except ValidationError as error:
        raise InvalidInput([_taken(environment, error)]) from error
    audit_write(
        actor=actor,
        kind=AuditKind.ENVIRONMENT_CREATED,
        environment=environment,
        sentence=f"{actor_name(actor)} added the environment {name} ({environment.account}, {environment.region}).",
    )
    return _base_draft(actor, environment, document)


def _base_draft(actor: User, environment: Environment, document: BaseDocument) -> ChangeRequest:
    change_request = draft_open(
        actor=actor,
        environment=environment,
        team=None,
        title=f"Deploy the base stack of {environment.name}",
        description="",
        document=document,
    )
    record_edit(actor=actor, change_request=change_request, sentence="added the environment")
    check_run_create(change_request=change_request, actor=actor)
    return change_request


def _taken(environment: Environment, error: ValidationError) -> Finding:
    if "name" in error.message_dict:
        message, field = f"There is an environment {environment.name} already.", "name"
        return input_finding(field, message, found=environment.name, allowed="another name")
    place = f"{environment.account} in {environment.region}"
    message = f"Another environment is {place} already: an account and region hold one environment."
    return input_finding("account", message, found=place, allowed="another account or region")


@service
def environment_move_earlier(*, actor: User, environment: Environment) -> Environment:
    """Let it change places with the one before it: teams are promoted along this order."""
    require(can_manage_platform(actor))
    order = list(Environment.objects.select_for_update())
    place = order.index(environment)
    if place == 0:
        raise WrongState(f"{environment.name} is the first environment already.")
    order[place - 1], order[place] = order[place], order[place - 1]
    for position, row in enumerate(order):
        row_change(row, {"position": position}, actor=actor, reason=f"{environment.name} was moved before another")
    audit_write(
        actor=actor,
        kind=AuditKind.ENVIRONMENT_MOVED,
        environment=environment,
        sentence=f"{actor_name(actor)} moved {environment.name} before {order[place].name}: "
        f"promotion goes {' → '.join(row.name for row in order)}.",
    )
    environment.refresh_from_db()
    return environment


@service
def team_add(
    *,
    actor: User,
    environment: Environment,
    slug: str,
    title: str,
    contacts: Sequence[str],
    alert_channel: str,
) -> Revision:
    """Bring a team into an environment, without sources or tasks: nothing is deployed until its first change is.

    A team that no environment has yet begins with it. The accepted revision is its file and nothing else.
    """
    require(can_manage_platform(actor))
    slug = slug.strip()
    _refuse_unfit(_NamedTeam, slug=slug)
    title = required_text(title, field="title", longest=200)
    team = Team.objects.filter(slug=slug).first()
    if team is not None and TeamSetup.objects.filter(environment=environment, team=team).exists():
        message = f"Team {slug} is in {environment.name} already."
        raise InvalidInput([input_finding("slug", message, found=slug, allowed="a team that is not there yet")])
    document = _team_document(title, contacts, alert_channel)
    if team is None:
        team = _team_create(actor, slug, title)
    acceptance = Acceptance(actor, f"brought into {environment.name}")
    revision = team_document_accept(environment=environment, team=team, document=document, acceptance=acceptance)
    revision_commit(revision=revision, before=None, change_request=None)
    audit_write(
        actor=actor,
        kind=AuditKind.TEAM_ADDED,
        environment=environment,
        team=team,
        sentence=f"{actor_name(actor)} brought team {slug} into {environment.name}.",
    )
    return revision


def _team_create(actor: User, slug: str, title: str) -> Team:
    team = Team(slug=slug, title=title)
    row_save(team, actor=actor, reason="created")
    audit_write(
        actor=actor,
        kind=AuditKind.TEAM_CREATED,
        team=team,
        sentence=f"{actor_name(actor)} created the team {slug} ({title}).",
    )
    return team


def _team_document(title: str, contacts: Sequence[str], alert_channel: str) -> TeamDocument:
    file = {
        "title": title,
        "contacts": list(contacts),
        "alert_channel": alert_channel,
        "sources": {},
        "instances": {},
    }
    parsed = parse_value(TeamDocument, {"team": file, "tasks": {}})
    if isinstance(parsed, tuple):
        raise InvalidInput(
            [input_finding(item.pointer.removeprefix("/team/"), item.message, remedy=item.remedy) for item in parsed]
        )
    return parsed


class _NamedEnvironment(StrictModel):
    name: Slug


class _NamedTeam(StrictModel):
    slug: Annotated[str, AfterValidator(check_team_slug)]


def _refuse_unfit(model: type[StrictModel], **name: str) -> None:
    """Refuse a name that the language does not take; `InvalidInput` points at its field."""
    parsed = parse_value(model, name)
    if isinstance(parsed, tuple):
        raise InvalidInput(parsed)
