"""What one may not do answers 403 in words, and is in the audit."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from portal.demo.running import RunningSluice
from replication.choices import AuditKind
from replication.models import AuditEvent, ChangeRequest
from tests.journeys.acts import propose, submit
from tests.journeys.conftest import WaitFor
from tests.journeys.visitor import Visitor


@pytest.mark.usefixtures("domain")
def test_editing__a_member_of_another_team__is_refused_in_words(sluice: RunningSluice) -> None:
    lena = Visitor(sluice.place.url, "lena")
    before = ChangeRequest.objects.count()

    answer = lena.post("/changes/add/local/food/", task="foodsearch", where="new", pasted="foodsearch.flavours")

    assert answer.status == HTTPStatus.FORBIDDEN
    assert "You are not in team food" in answer.text
    assert ChangeRequest.objects.count() == before


@pytest.mark.usefixtures("domain")
def test_a_change__its_author_and_a_viewer__can_neither_approve_nor_deploy_it(
    sluice: RunningSluice, wait_for: WaitFor
) -> None:
    ravi, vic = Visitor(sluice.place.url, "ravi"), Visitor(sluice.place.url, "vic")
    number = propose(ravi, "food", "nutrition", "nutrition/trace_elements")
    submit(ravi, number, wait_for)
    run = ChangeRequest.objects.get(number=number).check_runs.latest("pk")

    own = ravi.post(f"/changes/{number}/approve/", fingerprint=run.fingerprint)
    deploying = vic.post(f"/changes/{number}/merge/")

    assert own.status == HTTPStatus.FORBIDDEN
    assert "You wrote a part of this change; somebody else has to approve it." in own.text
    assert deploying.status == HTTPStatus.FORBIDDEN
    assert "Only team food and the platform team merge and deploy this." in deploying.text
    attempts = AuditEvent.objects.filter(change_request_id=number, kind=AuditKind.REFUSED_ATTEMPT)
    assert sorted(attempts.values_list("actor_name", flat=True)) == ["Ravi Menon", "Vic Marsh"]
