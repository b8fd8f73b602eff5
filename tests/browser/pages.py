"""Every page that there is to be looked at, by its address; a test holds them against the map of all addresses.

`OF_A_COMPANY` are visited in a company whose names and reasons are as long as they may be, by somebody who may do
everything; `FOR_STRANGERS` without being signed in; `in_each_state` makes pages in states that this company has not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from portal.notices.messages import unsubscribe_url
from portal.web.people.password import choose_password_path
from replication.choices import DeploymentState
from replication.models import Deployment, JournalEntry, Revision, Source, TableEntry, Task
from replication.services.change_request_table_edits import (
    change_request_edit_tables_reload,
    change_request_edit_tables_remove,
)
from replication.services.change_requests import change_request_close, change_request_submit
from replication.services.merging_otherwise import change_request_merge_emergency
from replication.services.reviews import review_refuse, review_request_changes
from tests.portal.enormous import Company
from tests.portal.office import Office
from tests.portal.pretend_aws import PretendAws

OF_A_COMPANY = (
    "/",
    "/teams/",
    "/teams/{environment}/{team}/",
    "/teams/{environment}/{quiet}/",
    "/tables/?environment={environment}",
    "/tables/{environment}/{table}/",
    "/catalogue/?environment={environment}",
    "/catalogue/?q=unheard-of",
    "/changes/",
    "/changes/{adds}/",
    "/changes/{reloads}/?tab=files",
    "/changes/{removals}/?tab=mappings",
    "/changes/{draft}/",
    "/changes/{draft}/rename/",
    "/changes/{draft}/rebase/",
    "/changes/{removals}/give-up/",
    "/changes/add/{environment}/{team}/?task={task}",
    "/changes/tables/?act=reload&task={task_key}",
    "/changes/tables/?act=remove&task={task_key}",
    "/changes/tables/?act=move&task={task_key}",
    "/changes/tables/?act=pause",
    "/changes/tasks/{environment}/{team}/new/",
    "/changes/tasks/{environment}/{team}/{task}/settings/",
    "/changes/tasks/{environment}/{team}/{task}/anew/",
    "/changes/tasks/{environment}/{team}/{task}/clone/",
    "/changes/tasks/{environment}/{team}/{task}/remove/",
    "/changes/tasks/{environment}/{team}/{task}/pause/",
    "/changes/parts/{environment}/{team}/",
    "/changes/parts/{environment}/{team}/source/",
    "/changes/parts/{environment}/{team}/source/{source}/",
    "/changes/promote/{next}/{team}/from/{environment}/",
    "/deployments/",
    "/deployments/{failed}/",
    "/deployments/{running}/",
    "/environments/",
    "/environments/new/",
    "/environments/{environment}/",
    "/environments/{environment}/change/",
    "/environments/{environment}/teams/new/",
    "/settings/",
    "/people/",
    "/people/?words=nobody-is-called-so",
    "/people/new/",
    "/people/{person}/",
    "/notices/",
    "/notices/deliveries/",
    "/policy/{environment}/{team}/",
    "/history/",
    "/history/since/",
    "/history/compare/?environment={environment}&team={team}",
    "/history/as-of/?environment={environment}&team={team}",
    "/history/retired/",
    "/history/proof/",
    "/history/git/",
    "/history/git/difference/",
    "/history/revisions/{revision}/",
    "/history/revisions/{revision}/revert/",
    "/no-such-page/",
    "/gallery/",
)
FOR_STRANGERS = {
    "accounts:sign-in": "/account/sign-in/",
    "notices:unsubscribe": "{unsubscribe}",
    "people:choose-password": "{choose_password}",
}
"""By the address's name."""

FRAGMENTS = {
    "changes:live": "stands in the change request's page",
    "deployments:live": "stands in the deployment's page",
    "changes:add-tables-row": "stands in the page that adds tables",
    "health": "is read by programs",
}
"""Addresses that answer a GET with no page of their own, and what they are instead."""


def names_of(place: Company) -> dict[str, Any]:
    """What the addresses name, in one company."""
    team, environment = place.team, place.environment
    revision = Revision.objects.filter(team=team, environment=environment).latest("number")
    task = Task.objects.filter(setup__team=team, setup__environment=environment).first()
    other = type(environment).objects.exclude(pk=environment.pk).first()
    entry = TableEntry.objects.filter(task=task).first()
    assert task is not None
    assert other is not None
    assert entry is not None
    person = place.people[2]
    return {
        "environment": environment.name,
        "next": other.name,
        "team": team.slug,
        "quiet": place.quiet.slug,
        "task": task.name,
        "task_key": task.pk,
        "table": entry.identity,
        "source": Source.objects.filter(setup=task.setup)[0].slug,
        "revision": revision.pk,
        "person": person.pk,
        **{name: getattr(place, name).number for name in ("adds", "reloads", "removals", "draft")},
        **{name: getattr(place, name).pk for name in ("failed", "running", "done")},
        "unsubscribe": _path(unsubscribe_url(person)),
        "choose_password": choose_password_path(person),
    }


def _path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def in_each_state(office: Office) -> Iterator[tuple[str, User, str]]:
    """Change requests and deployments one after the other in their states: what it is, who looks, and the address."""
    stage, people = office.stage, office.stage.people
    change = stage.draft("foodsearch.products")
    page = f"/changes/{change.number}/"
    yield "a draft whose checks run", people.member, page
    office.check(change, PretendAws(away="AWS did not answer within 3 s"))
    yield "a draft whose checks could not run", people.member, page
    change = office.in_review("foodsearch.tags", judge=PretendAws(occupied=True))
    yield "a check failed", people.member, f"/changes/{change.number}/"
    change = office.in_review("foodsearch.shops")
    yield "in review, seen by the platform team", people.platform, f"/changes/{change.number}/"
    review_request_changes(actor=people.reviewer, change_request=change, reason="Not all of them are needed.")
    yield "changes are asked for", people.reviewer, f"/changes/{change.number}/"
    review_refuse(actor=people.reviewer, change_request=change, reason="Not at all.")
    yield "refused", people.member, f"/changes/{change.number}/"
    change_request_close(actor=people.member, change_request=change)
    yield "closed", people.member, f"/changes/{change.number}/"
    yield from _risky(office)
    yield from _approved(office)
    yield "nothing to do for a viewer", people.viewer, "/"
    yield "refused by one's roles", people.viewer, "/changes/add/local/food/"
    yield "an address that takes forms", people.platform, "/changes/ship-together/"


def _risky(office: Office) -> Iterator[tuple[str, User, str]]:
    people = office.stage.people
    change = office.stage.draft()
    change_request_edit_tables_remove(
        actor=people.member, change_request=change, task="foodsearch", tables=["fooddb/foodsearch/brands"]
    )
    change_request_edit_tables_reload(
        actor=people.member, change_request=change, task="foodsearch", tables=["fooddb/foodsearch/barcodes"]
    )
    change_request_submit(actor=people.member, change_request=change)
    office.check(change)
    yield "a risky change", people.platform, f"/changes/{change.number}/"
    yield "runaway loads of a risky change", people.platform, f"/changes/{change.number}/give-up/"
    yield "without a gap", people.member, "/changes/tables/?act=reload&task=1"


def _approved(office: Office) -> Iterator[tuple[str, User, str]]:
    people = office.stage.people
    first, second = office.approved("foodsearch.tags"), office.approved("foodsearch.products")
    yield "two to ship together", people.member, f"/changes/{first.number}/"
    yield "two of the team to ship together", people.member, "/teams/local/food/"
    deployment = change_request_merge_emergency(
        actor=people.platform, change_request=second, reason="The lake is wrong since noon."
    )
    page = f"/deployments/{deployment.pk}/"
    yield "an emergency waits for its turn", people.member, page
    yield "merged in an emergency", people.member, f"/changes/{second.number}/"
    yield "behind what was merged meanwhile", people.member, f"/changes/{first.number}/"
    yield "to be rebased", people.member, f"/changes/{first.number}/rebase/"
    for state, phase, sentence in (
        (DeploymentState.FAILED_SAFE, "failed-safe", "CloudFormation rolled the update back"),
        (DeploymentState.HALF, "half", "Half done: the prefix is taken"),
        (DeploymentState.STUCK, "stuck", "A person is needed: it could not be brought back (UPDATE_ROLLBACK_FAILED)"),
        (DeploymentState.REFUSED, "refused", "The plan has changed since it was approved"),
        (DeploymentState.CANCELLED, "cancelled", "Given up on request"),
        (DeploymentState.DONE, "done", "Deployed: what runs is what the config says"),
    ):
        _stand(deployment, state, phase, sentence)
        yield f"a deployment that is {state.label}", people.platform, page


def _stand(deployment: Deployment, state: DeploymentState, phase: str, sentence: str) -> None:
    deployment.state, deployment.phase, deployment.sentence = state, phase, sentence
    deployment.finished_at = timezone.now() if deployment.is_finished else None
    deployment.save()
    JournalEntry.objects.create(
        deployment=deployment,
        sequence=deployment.journal.count() + 1,
        at=timezone.now(),
        phase="execute",
        kind="error",
        sentence=sentence,
        detail="UPDATE_ROLLBACK_COMPLETE",
    )
