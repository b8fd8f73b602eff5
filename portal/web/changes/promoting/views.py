"""Promoting a team: what would differ in the target, table by table, and what stays the target's own."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from deploy_engine.diffing import DocumentDifference, compare_documents
from deploy_engine.diffing.documents import ChangeKind
from portal.presenters.table_changes import table_change_groups
from portal.shell.crumbs import crumbs
from portal.shell.environments import environment_named, environments_all
from portal.shell.requests import SignedInRequest
from portal.web.changes.promoting.forms import PromotionForm
from portal.web.changes.proposing.start import posted
from portal.web.changes.proposing.views import taken
from replication.models import ChangeRequest
from replication.policies import can_propose, require
from replication.selectors.promotion import Promotion, environments_after, promotion_of
from replication.selectors.teams import team_named
from replication.services.change_request_promote import change_request_promote


@require_http_methods(["GET", "HEAD", "POST"])
def promote(request: SignedInRequest, environment: str, team: str, source: str) -> HttpResponse:
    """From `source` to `environment`: a look at the difference, and the form that proposes it."""
    promotion = promotion_of(
        team=team_named(team), source=environment_named(request, source), target=environment_named(request, environment)
    )
    difference = compare_documents(promotion.target, promotion.promoted(timezone.now()))
    form = PromotionForm(posted(request), promotion=promotion, ends=team if _ends_something(difference) else "")

    def propose() -> ChangeRequest:
        return change_request_promote(
            actor=request.user,
            source=promotion.source_environment,
            environment=promotion.environment,
            team=promotion.team,
            title=form.title_or(f"Promote {team} from {source}"),
            description=form.cleaned_data["description"],
            own=form.own,
        )

    answer = taken(request, form, propose) if request.method == "POST" else int(HTTPStatus.OK)
    if isinstance(answer, HttpResponse):
        return answer
    require(can_propose(request.user, promotion.environment, promotion.team))
    context = {
        "promotion": promotion,
        "form": form,
        "difference": difference,
        "groups": table_change_groups(difference),
        "settings": [change for change in difference.settings if change.place.startswith("tasks/")],
        "replaced": _replaced_tasks(promotion),
        "others": [
            row
            for row in environments_after(promotion.source_environment, environments_all(request))
            if row != promotion.environment
        ],
        "crumbs": crumbs(
            ("Teams", reverse("teams:list")),
            (team, reverse("teams:detail", args=[source, team])),
            (f"Promote to {environment}", ""),
        ),
    }
    return render(request, "changes/promoting/page.html", context, status=answer)


def _ends_something(difference: DocumentDifference) -> bool:
    return bool(difference.tasks_removed or difference.count(ChangeKind.REMOVED))


def _replaced_tasks(promotion: Promotion) -> list[str]:
    """Tasks whose delivery class or source would change: CloudFormation replaces these, and everything reloads."""
    target = promotion.target.tasks if promotion.target is not None else {}
    return [
        name
        for name, task in promotion.source.tasks.items()
        if name in target and (task.source, task.delivery) != (target[name].source, target[name].delivery)
    ]
