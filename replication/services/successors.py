"""Going on from a half reload with another version: the one way out of it beside its own second step.

Going back is none: it would load into a folder that holds data. What was to come back under a version that cannot load
comes back under a new one. The half deployment keeps its stack until that change is merged, and gives way to its
deployment, and to no second one.
"""

from __future__ import annotations

import os
import socket
import threading
from typing import TYPE_CHECKING

from django.db import transaction

from deploy_engine.planning import plan_from_record
from replication.choices import DeploymentState
from replication.database_clock import database_now
from replication.deployments.lease import lease_held
from replication.errors import WrongState
from replication.models import ChangeRequest, Deployment
from replication.policies import can_propose, require
from replication.selectors.table_acts import ChosenTable, TableAct
from replication.services.change_request_table_acts import change_request_act_on_tables
from replication.services.change_requests import change_request_create
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def deployment_new_version(*, actor: User, deployment: Deployment) -> ChangeRequest:
    """Open a draft that gives every table which the remaining steps would load a new version."""
    require(can_propose(actor, deployment.environment, deployment.team))
    if deployment.state != DeploymentState.HALF or deployment.team is None or not deployment.plan:
        raise WrongState(
            f"Deployment {deployment.pk} is {deployment.state_choice.label}: only a half reload needs this."
        )
    tables = _still_to_load(deployment)
    if not tables:
        raise WrongState(f"Deployment {deployment.pk} has no table left to load: try its next step again.")
    named = ", ".join(table.identity for table in tables[:3]) + (" …" if len(tables) > 3 else "")
    change_request = change_request_create(
        actor=actor,
        environment=deployment.environment,
        team=deployment.team,
        title=f"A new version for {named}"[:200],
        description=f"Deployment {deployment.pk} is half done: {deployment.sentence}"[:5000],
    )
    return change_request_act_on_tables(actor=actor, change_request=change_request, act=TableAct.RELOAD, tables=tables)


def _still_to_load(deployment: Deployment) -> list[ChosenTable]:
    plan = plan_from_record(deployment.plan or {})
    prefix = f"{plan.team}-"
    loads = [load for step in plan.steps[deployment.step :] for load in step.loads]
    return list(dict.fromkeys(ChosenTable(load.task.removeprefix(prefix), load.table) for load in loads))


def half_give_way(*, half: Deployment, successor: Deployment) -> bool:
    """Let a half deployment end for the sake of `successor`; gives whether the stack is the successor's now.

    The stack's lease is taken for it: a worker that has the half one in hand is waited for, and one that lost its
    lease in the midst of a tick can write no more.
    """
    if half.state != DeploymentState.HALF or half.revision.number >= successor.revision.number:
        return False
    owner = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}:successor"
    with lease_held(half.stack, owner) as held:
        if not held:
            return False
        with transaction.atomic():
            row = Deployment.objects.select_for_update().get(pk=half.pk)
            if row.state != DeploymentState.HALF:
                return False
            row.state = DeploymentState.REPLACED
            row.sentence = f"{row.sentence} Deployment {successor.pk} took its place."
            row.finished_at, row.next_tick_at = database_now(), None
            row.save()
            row.claims.all().delete()
    return True
