"""Which change requests a deployment carries: its own, and those accepted before it that never got there.

A revision holds everything that was accepted before it. So whoever deploys revision 12 deploys what the change requests
of revisions 10 and 11 asked for too, where these were merged in one go or their own deployments failed.
"""

from __future__ import annotations

from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce

from deploy_engine.planning import Plan, plan_from_record
from replication.choices import TERMINAL_DEPLOYMENT_STATES, ChangeRequestState, DeploymentState
from replication.models import ChangeRequest, CheckRun, Deployment, Revision

_ON_THEIR_WAY = (ChangeRequestState.MERGED, ChangeRequestState.DEPLOYING, ChangeRequestState.OUT_OF_SYNC)


def change_requests_carried(deployment: Deployment) -> list[int]:
    """Their numbers in the order of their revisions, those left out that have a live deployment of their own."""
    revisions = Revision.objects.filter(
        environment=deployment.environment,
        team=deployment.team,
        number__lte=deployment.revision.number,
        change_request__state__in=_ON_THEIR_WAY,
    ).exclude(pk=deployment.revision_id)
    busy = (
        Deployment.objects.filter(stack=deployment.stack)
        .exclude(pk=deployment.pk)
        .exclude(state__in=TERMINAL_DEPLOYMENT_STATES)
    )
    earlier = revisions.exclude(pk__in=busy.values("revision")).order_by("number")
    own = [deployment.change_request_id] if deployment.change_request_id is not None else []
    return [*(number for number in earlier.values_list("change_request", flat=True) if number is not None), *own]


def change_requests_shipped_with(deployment: Deployment) -> list[ChangeRequest]:
    """The other change requests that it deploys, or deployed: of the revisions since what was deployed before it."""
    of_stack = Deployment.objects.filter(stack=deployment.stack).exclude(pk=deployment.pk)
    busy = of_stack.exclude(state__in=TERMINAL_DEPLOYMENT_STATES).values("revision")
    done = Deployment.objects.filter(stack=deployment.stack, pk__lt=deployment.pk, state=DeploymentState.DONE)
    before = Subquery(done.order_by("-revision__number").values("revision__number")[:1])
    shipped = ChangeRequest.objects.filter(
        revision__environment=deployment.environment,
        revision__team=deployment.team,
        revision__number__gt=Coalesce(before, Value(0)),
        revision__number__lt=deployment.revision.number,
    )
    return list(
        shipped.exclude(revision__in=busy)
        .exclude(pk=deployment.change_request_id or 0)
        .order_by("pk")
        .defer("document")
    )


def plans_approved_with(deployment: Deployment) -> list[Plan]:
    """The plans that were approved of the change requests which are merged and wait for just this deployment."""
    numbers = [number for number in change_requests_carried(deployment) if number != deployment.change_request_id]
    waiting = ChangeRequest.objects.filter(pk__in=numbers, state=ChangeRequestState.MERGED)
    plans = []
    for change_request in waiting.exclude(deployments__state=DeploymentState.REFUSED):
        run = CheckRun.objects.filter(change_request=change_request, plan__isnull=False).order_by("-id").first()
        if run is not None and run.plan is not None:
            plans.append(plan_from_record(run.plan))
    return plans
