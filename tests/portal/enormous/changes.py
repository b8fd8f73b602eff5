"""Change requests: three large ones with their verdicts and discussions, and many small ones."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from deploy_engine.planning import plan_to_record
from replication.choices import ChangeRequestState, CheckRunState
from replication.documents import document_hash
from replication.models import (
    ChangeRequest,
    ChangeRequestEdit,
    CheckRun,
    Comment,
    Environment,
    Rehearsal,
    Review,
    Revision,
    Team,
)
from replication.selectors.scopes import latest_revision, subject_of
from tests.portal.enormous import sizes
from tests.portal.enormous.sizes import Size
from tests.portal.pretend_aws import PretendAws

NEW_VERSION = "v202601010000"
OPEN = ("draft", "checking", "in_review", "approved", "out_of_sync")


def judged(
    base: Revision, people: list[User], *, kind: str, count: int, lines: int, state: str = "in_review"
) -> ChangeRequest:
    """A change of `count` tables with the checks' verdict, `lines` comments, edits, reviews, and a rehearsal."""
    change = _change(base, _changed(base.document, kind, count), f"A change that {kind}", people[1], state)
    verdict = PretendAws()(subject_of(change))
    now = timezone.now()
    run = CheckRun.objects.create(
        change_request=change,
        document_hash=change.document_hash,
        state=CheckRunState.DONE,
        results=[result.as_json() for result in verdict.results],
        refusals=[finding.as_json() for finding in verdict.refusals],
        plan=plan_to_record(verdict.plan) if verdict.plan is not None else None,
        fingerprint=verdict.plan.fingerprint if verdict.plan is not None else "",
        blocks=any(result.blocks for result in verdict.results),
        requested_by=people[1],
        requested_by_name="Somebody",
        requested_at=now,
        started_at=now,
        finished_at=now,
    )
    _said(change, run, people, lines)
    return change


def merged(change: ChangeRequest) -> ChangeRequest:
    """Another one like `change`, which was merged, and whose deployment failed."""
    assert change.base_revision is not None
    assert change.author is not None
    again = _change(change.base_revision, change.document, "Merged", change.author, "out_of_sync")
    run = change.check_runs.get()
    run.pk, run.change_request = None, again
    run.save()
    return again


def behind(base: Revision, people: list[User]) -> ChangeRequest:
    """A draft that reloads what was removed in a revision that was accepted since."""
    draft = _change(base, _changed(base.document, "reloads", 1), "It is behind", people[1], "draft")
    newer = latest_revision(base.environment, base.team)
    assert newer is not None
    newer.pk, newer.number, newer._state.adding = None, newer.number + 1, True
    newer.document = _changed(base.document, "removals", 1)
    newer.document_hash = document_hash(newer.document)
    newer.save()
    return draft


def of_the_base(environment: Environment, people: list[User]) -> ChangeRequest:
    """A draft that changes the environment itself."""
    base = latest_revision(environment, None)
    assert base is not None
    file = {**base.document["environment"], "allowed_host_suffixes": [".example.com"]}
    return _change(base, {"environment": file}, "A change of the base stack", people[0], "draft")


def others(environments: list[Environment], teams: list[Team], people: list[User], size: Size) -> ChangeRequest:
    """As many open ones as the size says, over teams, environments and states; the newest, a draft, is given back."""
    latest: dict[tuple[int, int], Revision | None] = {}
    for number in range(size.changes):
        team = teams[number % len(teams)]
        environment = environments[1 if len(environments) > 1 and number % 2 else 0]
        if (environment.pk, team.pk) not in latest:
            latest[environment.pk, team.pk] = latest_revision(environment, team)
        base = latest[environment.pk, team.pk]
        assert base is not None
        author = people[1 + number % (len(people) - 1)]
        _change(base, base.document, f"Change {number}", author, OPEN[number % len(OPEN)])
    base = latest_revision(environments[0], teams[0])
    assert base is not None
    draft = _change(base, _changed(base.document, "adds", size.changed), "A draft", people[1], "draft")
    draft.promoted_from = latest_revision(environments[1], teams[0])
    draft.save()
    CheckRun.objects.create(
        change_request=draft, document_hash=draft.document_hash, requested_by_name="x", requested_at=timezone.now()
    )
    return draft


def _changed(document: dict[str, Any], kind: str, count: int) -> dict[str, Any]:
    value = copy.deepcopy(document)
    task = next(iter(value["tasks"].values()))
    tables: list[dict[str, str]] = task["tables"]
    if kind == "adds":
        more = (sizes.table(50_000 + number) for number in range(count))
        tables += [{"source": f"{task['source']}/{schema}/{name}", "version": NEW_VERSION} for schema, name in more]
    elif kind == "reloads":
        for entry in tables[:count]:
            entry["version"] = NEW_VERSION
    else:
        del tables[:count]
    tables.sort(key=lambda entry: entry["source"])
    return value


def _change(base: Revision, document: dict[str, Any], title: str, author: User, state: str) -> ChangeRequest:
    now = timezone.now()
    change = ChangeRequest.objects.create(
        environment=base.environment,
        team=base.team,
        title=sizes.text(title, sizes.LONGEST_TITLE),
        description=sizes.text("Because"),
        state=ChangeRequestState(state),
        author=author,
        author_name=author.get_full_name(),
        base_revision=base,
        document=document,
        document_hash=document_hash(document),
        created_at=now,
        updated_at=now,
        submitted_at=now,
    )
    ChangeRequestEdit.objects.create(
        change_request=change,
        editor=author,
        editor_name=author.get_full_name(),
        at=now,
        sentence=sizes.text("Edited"),
        document=document,
        document_hash=change.document_hash,
    )
    return change


def _said(change: ChangeRequest, run: CheckRun, people: list[User], lines: int) -> None:
    """Edits, reviews by turns that count and that do not, comments on the whole and on tables, two rehearsals."""
    now = timezone.now()
    tables = [entry["source"] for task in change.document["tasks"].values() for entry in task["tables"]]
    for number in range(lines):
        who = people[1 + number % (len(people) - 1)]
        common = {"change_request": change, "at": now}
        table = tables[number % len(tables)] if number % 3 == 0 else ""
        Comment.objects.create(
            **common, author=who, author_name=who.get_full_name(), body=sizes.text("Say"), table=table
        )
        if number % 5 == 0:
            ChangeRequestEdit.objects.create(
                **common,
                editor=people[1],
                editor_name=people[1].get_full_name(),
                sentence=sizes.text("Edited again"),
                document={},
                document_hash=f"{number}",
            )
            Review.objects.create(
                **common,
                reviewer=who,
                reviewer_name=who.get_full_name(),
                verdict="request_changes",
                reason=sizes.text("Not so"),
                fingerprint=run.fingerprint,
                document_hash=change.document_hash,
                voided_at=now if number % 2 else None,
                voided_reason=sizes.text("It was edited") if number % 2 else "",
            )
    Rehearsal.objects.create(
        change_request=change,
        check_run=run,
        document_hash=change.document_hash,
        state="could_not_run",
        error=sizes.text("The rehearsal broke off"),
        requested_by_name="Somebody",
        requested_at=now,
        finished_at=now,
    )
