"""Change requests in each stage of their life, judged by the real checks over a pretended AWS."""

from __future__ import annotations

from dataclasses import dataclass

from replication.models import ChangeRequest, CheckRun, Deployment
from replication.services.change_requests import change_request_submit
from replication.services.checks import checks_run
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve
from tests.portal.pretend_aws import PretendAws
from tests.replication.conftest import Stage


@dataclass(frozen=True)
class Office:
    """Where changes are made: the small company, and shortcuts through the life of a change request."""

    stage: Stage

    def check(self, change: ChangeRequest, judge: PretendAws | None = None) -> CheckRun:
        """Run the newest checks."""
        run = change.check_runs.order_by("-id").first()
        assert run is not None
        checks_run(check_run_id=run.pk, judge=judge or PretendAws())
        change.refresh_from_db()
        run.refresh_from_db()
        return run

    def in_review(self, *tables: str, judge: PretendAws | None = None) -> ChangeRequest:
        """A change that was submitted and checked."""
        change = self.stage.draft(*(tables or ("foodsearch.products",)))
        change_request_submit(actor=self.stage.people.member, change_request=change)
        self.check(change, judge)
        return change

    def approve(self, change: ChangeRequest) -> None:
        """Approve the plan of its newest checks, as the reviewer."""
        run = change.check_runs.order_by("-id").first()
        assert run is not None
        review_approve(actor=self.stage.people.reviewer, change_request=change, fingerprint=run.fingerprint)
        change.refresh_from_db()

    def approved(self, *tables: str) -> ChangeRequest:
        """A change that may be merged."""
        change = self.in_review(*tables)
        self.approve(change)
        return change

    def merged(self, *tables: str) -> Deployment:
        """The deployment of a merged change."""
        return change_request_merge(actor=self.stage.people.member, change_request=self.approved(*tables))
