"""Who is in which team, and who has a role for the whole company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from replication.choices import AuditKind, GlobalRoleName, TeamRole
from replication.errors import LastPlatformEngineer
from replication.models import GlobalRole, Membership, Team
from replication.policies import can_manage_platform, require, standing_forget
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.rows import row_delete, row_save
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def membership_grant(*, actor: User | None, user: User, team: Team, role: TeamRole) -> Membership:
    """Give `user` the role in `team`, in place of the one they had. No actor: an operator at the command line."""
    require_platform(actor)
    membership = Membership.objects.filter(user=user, team=team).first() or Membership(user=user, team=team)
    membership.role = role
    row_save(membership, actor=actor, reason=f"made {role.label}")
    standing_forget(user)
    audit_write(
        actor=actor,
        kind=AuditKind.MEMBERSHIP_GRANTED,
        team=team,
        subject=membership,
        sentence=f"{actor_name(actor)} made {actor_name(user)} a {role.label} of {team.slug}.",
        data={"user": user.get_username(), "role": role.value},
    )
    return membership


@service
def membership_revoke(*, actor: User | None, membership: Membership) -> None:
    """Take the role away."""
    require_platform(actor)
    user, team = membership.user, membership.team
    audit_write(
        actor=actor,
        kind=AuditKind.MEMBERSHIP_REVOKED,
        team=team,
        subject=membership,
        sentence=f"{actor_name(actor)} took {actor_name(user)} out of {team.slug}.",
        data={"user": user.get_username(), "role": membership.role},
    )
    row_delete(membership, actor=actor, reason="taken out of the team")
    standing_forget(user)


@service
def global_role_grant(*, actor: User | None, user: User, role: GlobalRoleName) -> GlobalRole:
    """Give `user` a role for the whole company. No actor: an operator at the command line."""
    require_platform(actor)
    granted = GlobalRole.objects.filter(user=user, role=role).first()
    if granted is not None:
        return granted
    granted = GlobalRole(user=user, role=role)
    row_save(granted, actor=actor, reason=f"made {role.label}")
    standing_forget(user)
    audit_write(
        actor=actor,
        kind=AuditKind.MEMBERSHIP_GRANTED,
        subject=granted,
        sentence=f"{actor_name(actor)} made {actor_name(user)} a {role.label}.",
        data={"user": user.get_username(), "role": role.value},
    )
    return granted


@service
def global_role_revoke(*, actor: User | None, granted: GlobalRole) -> None:
    """Take a role for the whole company away; never that of the last platform engineer."""
    require_platform(actor)
    user, role = granted.user, GlobalRoleName(granted.role)
    if role == GlobalRoleName.PLATFORM:
        refuse_without_platform(leaving=user)
    audit_write(
        actor=actor,
        kind=AuditKind.MEMBERSHIP_REVOKED,
        subject=granted,
        sentence=f"{actor_name(actor)} took the role {role.label} from {actor_name(user)}.",
        data={"user": user.get_username(), "role": role.value},
    )
    row_delete(granted, actor=actor, reason=f"no longer a {role.label}")
    standing_forget(user)


def refuse_without_platform(*, leaving: User) -> None:
    """Raise `LastPlatformEngineer` if nobody else could manage the portal any more."""
    others = GlobalRole.objects.filter(role=GlobalRoleName.PLATFORM, user__is_active=True).exclude(user=leaving)
    if not others.select_for_update().exists():
        raise LastPlatformEngineer(
            f"{actor_name(leaving)} is the last platform engineer: make somebody else one first, or nobody could "
            "manage the portal."
        )


def require_platform(actor: User | None) -> None:
    """Refuse everybody but the platform team, and an operator at the command line, who has no account (no actor)."""
    if actor is not None:
        require(can_manage_platform(actor))
