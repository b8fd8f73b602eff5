"""Who may do what: decided here and nowhere else, by the table in `replication/roles.py`.

A policy looks at roles, and for reviews at who wrote the change; it never looks at states, checks or plans. Services
enforce it (`require`), pages ask the same question and show the reason beside a disabled button.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db.models import F

from replication.choices import GlobalRoleName
from replication.errors import CannotApproveOwnChange, NotAllowed
from replication.models import ChangeRequest, Deployment, Environment, Incident, Team
from replication.roles import Reach, Right, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True)
class Decision:
    """Yes, or no with the reason in one sentence."""

    allowed: bool
    reason: str = ""
    refusal: type[NotAllowed] = NotAllowed

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(allowed=True)
_REMEMBERED = "_sluice_standing"


@dataclass(frozen=True)
class Standing:
    """All roles of one person: `teams` maps a team's key to the role in it, `slugs` to what it is called."""

    signed_in: bool = False
    teams: dict[int, str] = field(default_factory=dict)
    everywhere: frozenset[str] = frozenset()
    slugs: dict[int, str] = field(default_factory=dict)

    @property
    def is_platform(self) -> bool:
        """Whether they are of the platform team."""
        return GlobalRoleName.PLATFORM in self.everywhere

    def may(self, right: Right, team: Team | None = None) -> bool:
        """Whether any of their roles gives the right; the base stack (no team) is the platform's."""
        company = [Role.VIEWER if self.signed_in else Role.STRANGER, *map(Role, self.everywhere)]
        reaches = {right.reaches[role] for role in company} | {
            right.reaches[Role(role)] for role in self.teams.values()
        }
        if reaches & {Reach.YES, Reach.ALL}:
            return True
        return team is not None and team.pk in self.teams and right.reaches[Role(self.teams[team.pk])] is Reach.OWN


def standing_of(actor: User | AnonymousUser) -> Standing:
    """The roles of `actor`: one query, remembered on the instance, which lives for one request or one task."""
    if not actor.is_authenticated or not actor.is_active:
        return Standing()
    remembered: Standing | None = getattr(actor, _REMEMBERED, None)
    if remembered is None:
        remembered = getattr(actor_by_key(actor.pk), _REMEMBERED, Standing())
        setattr(actor, _REMEMBERED, remembered)
    return remembered


def actor_by_key(key: Any) -> User | None:
    """Somebody with their standing remembered, in one query: a row for each pair of a team's role and a company's."""
    rows = list(
        User.objects.filter(pk=key).annotate(
            of_team=F("memberships__team"),
            in_team=F("memberships__role"),
            team_slug=F("memberships__team__slug"),
            everywhere=F("global_roles__role"),
        )
    )
    if not rows:
        return None
    roles = sorted((row.team_slug, row.of_team, row.in_team) for row in rows if row.of_team is not None)
    actor = rows[0]
    standing = Standing(
        signed_in=True,
        teams={team: role for _, team, role in roles},
        slugs={team: slug for slug, team, _ in roles},
        everywhere=frozenset(row.everywhere for row in rows if row.everywhere is not None),
    )
    setattr(actor, _REMEMBERED, standing)
    return actor


def standing_forget(actor: User) -> None:
    """Look the roles up again next time: called by whoever changes them."""
    setattr(actor, _REMEMBERED, None)


def require(decision: Decision) -> None:
    """Raise the decision's refusal unless it is a yes."""
    if not decision.allowed:
        raise decision.refusal(decision.reason)


def _scope_words(team: Team | None) -> str:
    return f"team {team.slug}" if team is not None else "the platform team"


def _may(actor: User | AnonymousUser, right: Right, otherwise: str) -> Decision:
    """Whether the actor has a right that no scope limits; `otherwise` says whose it is."""
    return YES if standing_of(actor).may(right) else Decision(False, otherwise)


def can_propose(actor: User | AnonymousUser, environment: Environment, team: Team | None) -> Decision:
    """Open a change request in a scope."""
    if standing_of(actor).may(Right.EDIT, team):
        return YES
    if team is None:
        return Decision(False, f"Only the platform team changes the base stack of {environment.name}.")
    return Decision(
        False, f"You are not in team {team.slug}: only its members and the platform team change its config."
    )


def can_edit(actor: User | AnonymousUser, change_request: ChangeRequest) -> Decision:
    """Edit the proposed document, rename or rebase it."""
    return can_propose(actor, change_request.environment, change_request.team)


def can_vouch(actor: User | AnonymousUser, change_request: ChangeRequest) -> Decision:
    """Answer for those who wrote the commits of a branch, and become an author oneself."""
    return can_edit(actor, change_request)


def can_have_branches_read(actor: User | AnonymousUser) -> Decision:
    """Have a proposal branch read again that has not moved."""
    return _may(actor, Right.REREAD, "Only members of a team have branches read again.")


def can_verify_git(actor: User | AnonymousUser) -> Decision:
    """Have git compared with the database."""
    return _may(actor, Right.AUDIT, "Only auditors and the platform team compare git with the database.")


def can_submit(actor: User | AnonymousUser, change_request: ChangeRequest) -> Decision:
    """Ask for reviews."""
    return can_edit(actor, change_request)


def can_close(actor: User | AnonymousUser, change_request: ChangeRequest) -> Decision:
    """Give a change request up."""
    return can_edit(actor, change_request)


def can_request_checks(actor: User | AnonymousUser, change_request: ChangeRequest) -> Decision:
    """Run the checks and the plan again."""
    return can_edit(actor, change_request)


def can_comment(actor: User | AnonymousUser, change_request: ChangeRequest) -> Decision:
    """Say something about a change."""
    if standing_of(actor).may(Right.EDIT, change_request.team):
        return YES
    return Decision(False, f"Only {_scope_words(change_request.team)} and the platform team discuss this change.")


def can_review(actor: User | AnonymousUser, change_request: ChangeRequest) -> Decision:
    """Ask for changes, or refuse."""
    if standing_of(actor).may(Right.APPROVE, change_request.team):
        return YES
    whose = (
        f"reviewers of team {change_request.team.slug} or the platform team"
        if change_request.team
        else ("the platform team")
    )
    return Decision(False, f"Reviews of this change are given by {whose}.")


def can_approve(
    actor: User | AnonymousUser, change_request: ChangeRequest, *, editors: Collection[int | None] | None = None
) -> Decision:
    """Approve: like any review, but never of a change that one wrote any part of.

    `editors` are the keys of whoever edited it, for who has read them already.
    """
    may_review = can_review(actor, change_request)
    if not may_review:
        return may_review
    edited = change_request.edits.filter(editor_id=actor.pk).exists() if editors is None else actor.pk in editors
    if change_request.author_id == actor.pk or edited:
        return Decision(
            False, "You wrote a part of this change; somebody else has to approve it.", refusal=CannotApproveOwnChange
        )
    return YES


def can_rehearse(actor: User | AnonymousUser, change_request: ChangeRequest) -> Decision:
    """Try the change in a local AWS: whoever may edit it."""
    if standing_of(actor).may(Right.EDIT, change_request.team):
        return YES
    return Decision(False, f"Only {_scope_words(change_request.team)} and the platform team rehearse this change.")


def can_merge(actor: User | AnonymousUser, change_request: ChangeRequest) -> Decision:
    """Accept the change and deploy it."""
    if standing_of(actor).may(Right.DEPLOY, change_request.team):
        return YES
    return Decision(False, f"Only {_scope_words(change_request.team)} and the platform team merge and deploy this.")


def can_deploy(actor: User | AnonymousUser, environment: Environment, team: Team | None) -> Decision:
    """Deploy what is accepted in a scope."""
    if standing_of(actor).may(Right.DEPLOY, team):
        return YES
    return Decision(False, f"Only {_scope_words(team)} and the platform team deploy to {environment.name} here.")


def can_retry(actor: User | AnonymousUser, deployment: Deployment) -> Decision:
    """Try a deployment again."""
    return can_deploy(actor, deployment.environment, deployment.team)


def can_cancel(actor: User | AnonymousUser, deployment: Deployment) -> Decision:
    """Stop a deployment where it may be stopped."""
    return can_deploy(actor, deployment.environment, deployment.team)


def can_merge_unreviewed(actor: User | AnonymousUser, change_request: ChangeRequest) -> Decision:
    """The emergency path: accept and deploy without a review."""
    return _may(actor, Right.MANAGE, "Only the platform team takes the emergency path.")


def can_give_up_loads(actor: User | AnonymousUser, change_request: ChangeRequest) -> Decision:
    """Name the runaway loads that may be broken off, because their folder is abandoned."""
    if not standing_of(actor).may(Right.MANAGE):
        return Decision(False, "Only the platform team gives up a load.")
    if change_request.team is None:
        return Decision(False, "A change of the base stack abandons no folder.")
    return YES


def can_settle(actor: User | AnonymousUser, incident: Incident) -> Decision:
    """Say that an incident needs nobody any more."""
    return can_deploy(actor, incident.environment, incident.team)


def can_manage_platform(actor: User | AnonymousUser) -> Decision:
    """Environments, teams, people and their roles, policy, base stacks, imports."""
    return _may(actor, Right.MANAGE, "Only the platform team does this.")


def can_export_audit(actor: User | AnonymousUser) -> Decision:
    """Take the audit out, or verify it."""
    return _may(actor, Right.AUDIT, "Only auditors and the platform team export the audit.")
