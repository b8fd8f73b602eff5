"""The fence at AWS itself: who may stop and start a task, where a role's policy makes that depend on tags.

    Condition: {"StringEquals": {"aws:ResourceTag/sluice-fence": "${aws:PrincipalTag/sluice-fence}"}}

(`reliability.md` A3.6: a worker that was overtaken has an old session tag and changes nothing.) Only roles whose
policies hold a condition for the call are looked at; every other caller may do everything here.
"""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.errors import AwsError
from deploy_engine.local_aws.side import conditions
from deploy_engine.local_aws.side.permissions import fits, role_name, role_statements

if TYPE_CHECKING:
    from deploy_engine.local_aws.side.sessions import RoleSession
    from deploy_engine.local_aws.world import Region

FENCED = {"StartReplicationTask": "ReplicationTaskArn", "StopReplicationTask": "ReplicationTaskArn"}


def check(region: "Region", access_key: str, operation: str, members: dict[str, Any]) -> None:
    """Refuse a fenced operation that the caller's role does not allow on this task."""
    session = region.world.sessions.by_key.get(access_key)
    resource = members.get(FENCED.get(operation, ""))
    if session is None or not isinstance(resource, str):
        return
    action = f"dms:{operation}"
    statements = [item for item in role_statements(region.side, session.role_arn) if fits(item, action, resource)]
    if not any(item.get("Condition") for item in statements):
        return
    context = _context(region, session, resource)
    effects = {item.get("Effect") for item in statements if conditions.hold(item.get("Condition", {}), context)}
    if "Deny" in effects:
        raise _denied(session, action, resource, "with an explicit deny in an identity-based policy")
    if "Allow" not in effects:
        raise _denied(session, action, resource, f"because no identity-based policy allows the {action} action")


def _context(region: "Region", session: "RoleSession", resource: str) -> dict[str, str]:
    """Return the values of the condition keys; a session's tags win over those of its role."""
    try:
        tags = region.side.client("iam").list_role_tags(RoleName=role_name(session.role_arn))["Tags"]
    except ClientError:
        tags = []
    principal = {tag["Key"]: tag["Value"] for tag in tags} | session.tags
    found = {f"aws:PrincipalTag/{key}": value for key, value in principal.items()}
    return found | {f"aws:ResourceTag/{key}": value for key, value in region.dms.tags.get(resource, {}).items()}


def _denied(session: "RoleSession", action: str, resource: str, why: str) -> AwsError:
    message = f"User: {session.arn} is not authorized to perform: {action} on resource: {resource} {why}"
    return AwsError("AccessDeniedException", message)
