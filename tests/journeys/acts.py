"""What people do with a change request, act by act, as the pages' forms do it."""

from __future__ import annotations

import json
import re
import urllib.request
from urllib.parse import urlencode

from portal.demo.running import RunningSluice
from replication.choices import ChangeRequestState
from replication.models import ChangeRequest, CheckRun, TableEntry
from tests.journeys.conftest import WaitFor
from tests.journeys.visitor import Visitor

CHECKED_SECONDS = 90


def propose(author: Visitor, team: str, task: str, *tables: str) -> int:
    """Propose tables through the pasted list; give the change request's number."""
    answer = author.post(f"/changes/add/local/{team}/", task=task, where="new", pasted="\n".join(tables))
    assert answer.status == 200, answer.text
    return answer.number


def act_on_table(author: Visitor, act: str, table: str, where: int | None = None, **answers: str) -> int:
    """Confirm an act on a table as its page asks for it; give the change request's number."""
    key = TableEntry.objects.filter(table_name=table, environment__name="local").latest("version").pk
    into = str(where or "new")
    address = f"/changes/tables/?{urlencode({'act': act, 'table': key, 'where': into})}"
    shown = author.get(address).text
    agreed = re.search(r'name="agreed" value="(\w+)"', shown)
    assert agreed is not None, shown
    answer = author.post(address, where=into, agreed=agreed[1], **answers)
    assert answer.status == 200, answer.text
    return answer.number


def submit(author: Visitor, number: int, wait_for: WaitFor) -> None:
    """Ask for reviews, and wait until the checks let reviewers see it."""
    answer = author.post(f"/changes/{number}/submit/")
    assert answer.status == 200, answer.text
    wait_for(
        f"change request {number} is in review",
        lambda: ChangeRequest.objects.get(number=number).state == ChangeRequestState.IN_REVIEW,
        seconds=CHECKED_SECONDS,
    )


def approve(reviewer: Visitor, number: int, reason: str = "") -> None:
    """Approve the plan that the page shows."""
    page = reviewer.get(f"/changes/{number}/")
    shown = re.search(r'name="fingerprint" value="(\w+)"', page.text)
    assert shown is not None, page.text
    answer = reviewer.post(f"/changes/{number}/approve/", fingerprint=shown[1], reason=reason)
    assert answer.status == 200, answer.text


def merge(reviewer: Visitor, number: int, typed: str = "") -> int:
    """Merge and deploy, typing what has to be typed where a table is removed; give the deployment's key."""
    answer = reviewer.post(f"/changes/{number}/merge/", typed=typed)
    assert "/deployments/" in answer.url, answer.text
    return answer.number


def last_check_run(number: int) -> CheckRun:
    """The newest run of the checks of a change request."""
    return CheckRun.objects.filter(change_request_id=number).latest("pk")


def next_update_fails(sluice: RunningSluice, what: str) -> None:
    """Let the local AWS fail the next update of a stack at one resource: `sluice-local-orders/TaskPayments`."""
    rule = {"kind": "fail-stack-update", "name": what}
    address = f"{sluice.place.aws_url}/_sluice/faults"
    with urllib.request.urlopen(address, json.dumps(rule).encode(), timeout=10):  # noqa: S310 - our own http:// address
        pass
