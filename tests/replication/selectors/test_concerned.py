"""Whom an event concerns."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from replication.choices import AuditKind
from replication.models import Notice
from replication.selectors.concerned import TOLD
from replication.services.audit import audit_write
from replication.services.change_requests import change_request_comment
from tests.replication.conftest import Stage


@pytest.fixture(autouse=True)
def _sends_email(settings: Settings) -> None:
    settings.REPLICATION_SENDS_EMAIL = True


def _told(kind: AuditKind) -> set[str]:
    return {notice.user.first_name for notice in Notice.objects.filter(event__kind=kind) if notice.user is not None}


def test_review_asked__harmless_change__tells_the_teams_reviewers_only(stage: Stage) -> None:
    stage.in_review()

    assert _told(AuditKind.REVIEW_ASKED) == {"Rita"}


def test_comment__by_the_reviewer__tells_the_author_and_not_the_reviewer(stage: Stage) -> None:
    change = stage.in_review()

    change_request_comment(actor=stage.people.reviewer, change_request=change, body="Why now?")

    assert _told(AuditKind.COMMENTED) == {"Mia"}


def test_trouble__in_a_team__tells_its_members_and_the_platform(stage: Stage) -> None:
    audit_write(
        actor=None,
        kind=AuditKind.INCIDENT_OPENED,
        environment=stage.environment,
        team=stage.food,
        sentence="food-foodsearch stands still.",
    )

    assert _told(AuditKind.INCIDENT_OPENED) == {"Mia", "Carl", "Rita", "Petra"}


def test_branch__that_is_no_proposal__tells_whomever_its_commit_names(stage: Stage) -> None:
    for email in ("Stage-MIA@example.com", "x@y.example", ""):
        audit_write(
            actor=None,
            kind=AuditKind.PROPOSAL_REFUSED,
            sentence="Commit 0123 of proposals/x is no proposal: README.md: this file has no place in a proposal.",
            data={"email": email},
        )

    assert _told(AuditKind.PROPOSAL_REFUSED) == {"Mia"}
    assert Notice.objects.count() == 1


def test_event__nobody_is_ever_told_of__costs_no_row(stage: Stage) -> None:
    stage.draft("foodsearch.products")

    assert AuditKind.CHANGE_EDITED not in TOLD
    assert not Notice.objects.exists()


def test_event__no_mail_server__writes_nothing_that_nobody_sends(stage: Stage, settings: Settings) -> None:
    settings.REPLICATION_SENDS_EMAIL = False

    stage.in_review()

    assert not Notice.objects.exists()
