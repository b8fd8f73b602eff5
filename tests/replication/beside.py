"""A reload without a gap under way: tables that stand twice, deployed, and as the observer saw them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from replication.choices import DeploymentState
from replication.documents import team_document_of
from replication.models import ChangeRequest, TableStatus, Task, TaskStatus
from replication.selectors.table_acts import NEW_TASK, ChosenTable, TableAct
from replication.services.acceptance import Acceptance, team_document_accept
from replication.services.change_request_table_acts import change_request_act_on_tables
from replication.services.change_requests import change_request_close
from replication.services.deployments import deployment_create
from replication.services.superseding import superseded_versions_draft
from tests.replication.conftest import Stage

BARCODES = ChosenTable("foodsearch", "fooddb/foodsearch/barcodes")
BRANDS = ChosenTable("foodsearch", "fooddb/foodsearch/brands")
OLD = "v202011191200"


@dataclass(frozen=True)
class Beside:
    """Tables that stand a second time in `foodsearch-2`, deployed and seen; `see` changes what was seen."""

    stage: Stage

    def accept(self, *tables: ChosenTable) -> None:
        """Accept and deploy the second entries."""
        stage, draft = self.stage, self.stage.draft()
        change_request_act_on_tables(
            actor=stage.people.member,
            change_request=draft,
            act=TableAct.BESIDE,
            tables=tables,
            target=NEW_TASK,
            new_task="foodsearch-2",
        )
        change_request_close(actor=stage.people.member, change_request=draft)
        revision = team_document_accept(
            environment=stage.environment,
            team=stage.food,
            document=team_document_of(draft.document),
            acceptance=Acceptance(stage.people.member, "by hand"),
        )
        deployment = deployment_create(
            actor=stage.people.member, revision=revision, change_request=None, approved_fingerprint="", approved_plan={}
        )
        deployment.state, deployment.finished_at = DeploymentState.DONE, timezone.now()
        deployment.save()

    def see(self, *, task: dict[str, Any] | None = None, table: dict[str, Any] | None = None) -> list[ChangeRequest]:
        """Keep what the observer would have seen of `foodsearch-2`, and let Sluice draw its conclusion."""
        second = Task.objects.get(name="foodsearch-2")
        now = timezone.now()
        seen = {"state": "running", "latency_seconds": 600, "tables_loading": 0, "observed_at": now, **(task or {})}
        TaskStatus.objects.update_or_create(task=second, defaults=seen)
        for entry in second.entries.all():
            state = {"state": "Table completed", "full_load_rows": 812, "observed_at": now, **(table or {})}
            TableStatus.objects.update_or_create(entry=entry, defaults=state)
        return superseded_versions_draft(environment=self.stage.environment)
