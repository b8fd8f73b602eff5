"""One example of each address: where it leads in the company of these tests, and what its form sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.urls import reverse

from portal.notices.messages import UNSUBSCRIBE_SALT
from tests.portal.environment_form import FILE
from tests.portal.roles.conftest import Company


@dataclass(frozen=True)
class Example:
    """An address as `reverse` takes it, with its query, and the fields that are posted to it."""

    where: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    sent: Mapping[str, Any] = field(default_factory=dict)


TEAM = {"environment": "local", "team": "food"}
TASK = {**TEAM, "task": "foodsearch"}
REASON = {"reason": "because the table of roles is being tried"}
NEW = {"where": "new"}

INSTANCE = {**NEW, "class": "dms.t3.large", "storage_gb": "100", "engine_version": "3.5.4"}
OWN_IN_SANDBOX = {
    **NEW,
    "alert_channel": "food@example.com",
    "sources.fooddb.secret": "sluice/food/fooddb",
    "instances.main.class": "dms.t3.large",
    "instances.main.storage_gb": "100",
}
POLICY = {
    **REASON,
    "approvals_needed": "2",
    "approvals_risky": "1",
    "risky_pause_minutes": "15",
    "rehearsal": "never",
    "trial": "never",
    "freeze_windows": "",
}

Give = Callable[[Company], Example]


def _plain(**where: Any) -> Give:
    return lambda company: Example(where)


def _draft(sent: Mapping[str, Any] | None = None, **where: Any) -> Give:
    return lambda company: Example({"number": company.draft.number, **where}, sent=sent or {})


def _reviewed(**sent: Any) -> Give:
    return lambda company: Example({"number": company.reviewed.number}, sent=sent)


def _deployment(**sent: Any) -> Give:
    return lambda company: Example({"key": company.deployment.pk}, sent=sent)


def _person(**sent: Any) -> Give:
    return lambda company: Example({"key": company.stage.people.viewer.pk}, sent=sent)


def _revision(company: Company) -> Example:
    return Example({"key": company.revision.pk})


def _chosen_table(company: Company) -> Example:
    return Example(query=f"?act=reload&table={company.table.pk}", sent=NEW)


def _approval(company: Company) -> Example:
    run = company.reviewed.check_runs.latest("id")
    return Example({"number": company.reviewed.number}, sent={"fingerprint": run.fingerprint})


def _approved(company: Company) -> Example:
    return Example({"number": company.approved[0].number})


def _unsubscribe(company: Company) -> Example:
    return Example({"token": signing.dumps(company.stage.people.viewer.pk, salt=UNSUBSCRIBE_SALT)})


EXAMPLES: dict[str, Give] = {
    "home": _plain(),
    "health": _plain(),
    "accounts:sign-in": _plain(),
    "accounts:sign-out": _plain(),
    "accounts:theme": lambda company: Example(sent={"theme": "dark"}),
    "accounts:environment": lambda company: Example(sent={"environment": "sandbox"}),
    "teams:list": _plain(),
    "teams:detail": _plain(**TEAM),
    "tables:list": _plain(),
    "tables:detail": _plain(environment="local", source="fooddb", schema="foodsearch", table="brands"),
    "catalogue:list": _plain(),
    "changes:list": _plain(),
    "changes:add-tables": lambda company: Example(
        TEAM, sent={**NEW, "task": "foodsearch", "schema": "foodsearch", "table": "prices", "version": ""}
    ),
    "changes:add-tables-row": _plain(**TEAM),
    "changes:table-act": _chosen_table,
    "changes:task-new": lambda company: Example(
        TEAM,
        sent={**NEW, "task": "more", "source": "fooddb", "instance": "main", "delivery": "1min", "entries": "a.b"},
    ),
    "changes:task-settings": lambda company: Example(TASK, sent={**NEW, "lob_max_size": "64"}),
    "changes:task-clone": lambda company: Example(
        TASK,
        sent={**NEW, "task": "again", "source": "fooddb", "instance": "main", "delivery": "1min", "entries": "a.b"},
    ),
    "changes:task-anew": lambda company: Example(TASK, sent={**NEW, "delivery": "1min", "instance": "main"}),
    "changes:task-act": lambda company: Example({**TASK, "act": "pause"}, sent=NEW),
    "changes:parts": _plain(**TEAM),
    "changes:part-new": lambda company: Example({**TEAM, "kind": "instance"}, sent={**INSTANCE, "name": "spare"}),
    "changes:part-edit": lambda company: Example({**TEAM, "kind": "instance", "name": "main"}, sent=INSTANCE),
    "changes:promote": lambda company: Example(
        {"environment": "sandbox", "team": "food", "source": "local"}, sent=OWN_IN_SANDBOX
    ),
    "changes:detail": _draft(),
    "changes:live": _draft(),
    "changes:rename": _draft({"title": "Another title"}),
    "changes:submit": _draft(),
    "changes:vouch": _draft(),
    "changes:approve": _approval,
    "changes:request-changes": _reviewed(**REASON),
    "changes:refuse": _reviewed(**REASON),
    "changes:merge": _approved,
    "changes:emergency": _reviewed(**REASON),
    "changes:ship-together": lambda company: Example(
        sent={"numbers": [str(change.number) for change in company.approved]}
    ),
    "changes:close": _draft(REASON),
    "changes:comment": _draft({"body": "A word."}),
    "changes:rerun-checks": _draft(),
    "changes:give-up": _draft(REASON),
    "changes:rehearse": _reviewed(),
    "changes:rebase": _draft(),
    "changes:take-back-task": _draft(task="foodsearch"),
    "changes:take-back-thing": _draft(place="team/instances/main"),
    "changes:take-back": _draft(task="foodsearch", table="fooddb/foodsearch/shops"),
    "deployments:list": _plain(),
    "deployments:detail": _deployment(),
    "deployments:live": _deployment(),
    "deployments:retry": _deployment(),
    "deployments:cancel": _deployment(),
    "deployments:continue-rollback": _deployment(**REASON),
    "deployments:new-version": _deployment(),
    "deployments:settle": lambda company: Example({"key": company.incident.pk}, sent=REASON),
    "environments:list": _plain(),
    "environments:new": lambda company: Example(
        sent={**FILE, "name": "production", "account": "999988887777", "lake_bucket": "lake-two"}
    ),
    "environments:detail": _plain(environment="local"),
    "environments:change": lambda company: Example(
        {"environment": "local"}, sent={**FILE, "allowed_host_suffixes": ".db.example"}
    ),
    "environments:earlier": _plain(environment="sandbox"),
    "environments:team-new": lambda company: Example(
        {"environment": "local"},
        sent={"slug": "loyalty", "title": "Loyalty", "contacts": "a@example.com", "alert_channel": "a@example.com"},
    ),
    "people:list": _plain(),
    "people:new": lambda company: Example(sent={"first_name": "Nora", "username": "nora"}),
    "people:detail": _person(),
    "people:team-role": _person(team="food", role="member"),
    "people:company-role": _person(role="auditor", granted="yes"),
    "people:account": _person(active="no"),
    "people:password-link": _person(),
    "people:choose-password": _plain(uidb64="MQ", token="set-password"),
    "notices:preferences": _plain(),
    "notices:unsubscribe": _unsubscribe,
    "notices:deliveries": _plain(),
    "notices:retry": lambda company: Example({"key": company.delivery.pk}),
    "policy:detail": lambda company: Example(TEAM, sent=POLICY),
    "settings:all": _plain(),
    "history:timeline": _plain(),
    "history:export": lambda company: Example(sent={"format": "csv"}),
    "history:since": _plain(),
    "history:compare": lambda company: Example(query="?environment=local&team=food"),
    "history:as-of": lambda company: Example(query="?environment=local&team=food"),
    "history:retired": _plain(),
    "history:git": _plain(),
    "history:git-difference": _plain(),
    "history:git-compare": _plain(),
    "history:git-mend": _plain(),
    "history:branch-again": lambda company: Example({"key": company.branch.pk}),
    "history:proof": _plain(),
    "history:revert-ask": _revision,
    "history:revert": _revision,
    "history:revision": _revision,
}


def address_of(name: str, company: Company) -> tuple[str, Mapping[str, Any]]:
    """The address with its query, and what is posted to it."""
    example = EXAMPLES[name](company)
    return f"{reverse(name, kwargs=dict(example.where))}{example.query}", example.sent
