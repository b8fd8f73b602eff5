"""Who may call what: a session is held to its role's policies, conditions included.

That is also the fence at AWS itself, where a policy makes stopping and starting a task depend on tags:

    Condition: {"StringEquals": {"aws:ResourceTag/sluice-fence": "${aws:PrincipalTag/sluice-fence}"}}

(`reliability.md`, rule 6: a worker that was overtaken has an old session tag and changes nothing.) A role without any
policy, which AWS would let do nothing, and callers without a role may do everything here.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.errors import AwsError
from deploy_engine.local_aws.side import conditions, demands
from deploy_engine.local_aws.side.demands import Call, Demand
from deploy_engine.local_aws.side.permissions import fits, role_name, role_statements

if TYPE_CHECKING:
    from deploy_engine.local_aws.side.sessions import RoleSession
    from deploy_engine.local_aws.world import Region

FORBIDDEN = 403
SAYING_DENIED = frozenset({"s3", "cloudformation", "monitoring"})
"""Services that answer AccessDenied with 403; those in JSON say AccessDeniedException with 400."""

NOTHING_NEEDED = frozenset({"sts"})
"""Of these, a session may call what is its own: GetCallerIdentity needs no permission."""


def check(region: "Region", access_key: str, call: Call) -> None:
    """Refuse a call that the caller's role does not allow."""
    session = region.world.sessions.by_key.get(access_key)
    if session is None or call.service in NOTHING_NEEDED or not statements_of(region, session.role_arn):
        return
    for demand in demands.of_call(region, call):
        _check(region, session, demand, call.service)


def _check(region: "Region", session: "RoleSession", demand: Demand, service: str) -> None:
    fitting = [item for item in statements_of(region, session.role_arn) if fits(item, demand.action, demand.resource)]
    needs_tags = any(item.get("Condition") for item in fitting)
    context = {**demand.context, **(_principal(region, session) if needs_tags else {})}
    effects = {item.get("Effect") for item in fitting if conditions.hold(item.get("Condition", {}), context)}
    if "Deny" in effects:
        raise _denied(session, demand, service, "with an explicit deny in an identity-based policy")
    if "Allow" not in effects:
        raise _denied(session, demand, service, f"because no identity-based policy allows the {demand.action} action")


def statements_of(region: "Region", role_arn: str) -> list[dict[str, Any]]:
    """Return what a role's policies say, remembered until somebody calls IAM."""
    known = region.world.statements
    if role_arn not in known:
        known[role_arn] = role_statements(region.side, role_arn)
    return known[role_arn]


def _principal(region: "Region", session: "RoleSession") -> Mapping[str, str]:
    """Return the tags of the caller as condition keys; a session's tags win over those of its role."""
    try:
        tags = region.side.client("iam").list_role_tags(RoleName=role_name(session.role_arn))["Tags"]
    except ClientError:
        tags = []
    principal = {tag["Key"]: tag["Value"] for tag in tags} | session.tags
    return {f"aws:PrincipalTag/{key}": value for key, value in principal.items()}


def _denied(session: "RoleSession", demand: Demand, service: str, why: str) -> AwsError:
    message = f"User: {session.arn} is not authorized to perform: {demand.action} on resource: {demand.resource} {why}"
    if service in SAYING_DENIED:
        return AwsError("AccessDenied", message, FORBIDDEN)
    return AwsError("AccessDeniedException", message)
