"""Acts on tables that are replicated: chosen anywhere, confirmed on one page, proposed as one change request.

The address carries the act and the tables (`?act=reload&table=7&table=8`, or `task=3` for all tables of a task); what
is posted to it are the answers. So a selection can be passed on, and a refused form loses nothing.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from deploy_engine.config import TeamDocument
from portal.shell.requests import SignedInRequest
from portal.web.changes.proposing.forms import NEW, SEEN
from portal.web.changes.proposing.views import proposed
from portal.web.changes.table_acts.forms import TableActForm
from portal.web.changes.table_acts.page import Act, act_page, refusal_page
from portal.web.changes.table_acts.targets import target_names, target_options
from portal.web.changes.table_acts.words import act_title, word_to_type
from replication.errors import EditMeanwhile, NotFound
from replication.models import ChangeRequest
from replication.policies import require
from replication.selectors.edited_since import edited_since
from replication.selectors.proposal_options import proposal_options
from replication.selectors.reload_beside import name_for_new_task
from replication.selectors.table_acts import NEW_TASK, SELECTION_ACTS, TableAct, table_act_reach
from replication.selectors.table_selection import SelectedScope, tables_selected
from replication.services.change_request_table_acts import change_request_act_on_tables

LOOK_AGAIN = "There the act applies to other tables than this page named. Look again."
LONGEST_KEY = 18
"""Digits that a key may have in every database."""


@require_http_methods(["GET", "HEAD", "POST"])
def table_act(request: SignedInRequest) -> HttpResponse:
    """The confirmation page; a POST proposes the act and leads to the change request."""
    act = _act(request.GET)
    scopes = tables_selected(tables=_keys(request.GET, "table"), tasks=_keys(request.GET, "task"))
    if len(scopes) != 1:
        context = refusal_page(request.GET, act, scopes)
        return render(request, "changes/table_acts/refusal.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    [scope] = scopes
    return _confirm(request, act, scope)


def _confirm(request: SignedInRequest, act: TableAct, scope: SelectedScope) -> HttpResponse:
    posted = request.method == "POST"
    answers = request.POST if posted else request.GET
    where = answers.get("where", NEW)
    options = proposal_options(
        actor=request.user, environment=scope.environment.name, team=scope.team.slug, draft=where
    )
    targets = target_names(act, options.document, scope.tables)
    target = _target(answers, targets)
    done = TableAct.BESIDE if act is TableAct.RELOAD and target else act
    reach = table_act_reach(done, scope.tables, document=options.document, accepted=options.accepted, target=target)
    form = TableActForm(
        request.POST if posted else None,
        act=act,
        targets=target_options(act, options.document, scope.tables, targets, target),
        word=word_to_type(act, reach.applies),
        open_changes=options.open_changes,
        initial={"where": where, "target": target, "new_task": _free_name(options.document, scope)},
    )
    chosen = Act(done, options, reach, target, scope.tables)
    status = HTTPStatus.OK
    if posted:
        answer = _posted(request, chosen, form)
        if isinstance(answer, HttpResponse):
            return answer
        status = HTTPStatus(answer)
    require(options.allowed)
    return render(request, "changes/table_acts/page.html", act_page(chosen, form), status=status)


def _posted(request: SignedInRequest, chosen: Act, form: TableActForm) -> HttpResponse | int:
    act, tables, target = chosen.act, chosen.reach.applies, chosen.target
    new_task = request.POST.get("new_task", "").strip() if target == NEW_TASK else ""
    if chosen.options.allowed and request.POST.get("agreed") != chosen.digest:
        form.overtaken(_edited_meanwhile(request.POST, chosen), words=LOOK_AGAIN, on_top=False)
        return HTTPStatus.CONFLICT

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        return change_request_act_on_tables(
            actor=request.user,
            change_request=change_request,
            act=act,
            tables=tables,
            target=target,
            new_task=new_task,
        )

    title = act_title(act, tables, new_task or target)
    return proposed(request, chosen.options, form, title=title, edit=edit)


def _edited_meanwhile(data: QueryDict, chosen: Act) -> list[EditMeanwhile]:
    """What others did to the chosen tables, in the draft that this would go into, since the page was shown."""
    draft = chosen.options.draft
    seen = data.get(f"{SEEN}{draft.number}", "") if draft is not None else ""
    if draft is None or not seen:
        return []
    tables = {("tasks", table.task, "tables", table.identity) for table in chosen.chosen}
    return [each for place, each in edited_since(draft, seen).items() if place in tables]


def _act(query: QueryDict) -> TableAct:
    act = next((act for act in SELECTION_ACTS if act.value == query.get("act")), None)
    if act is None:
        raise NotFound("Tables are reloaded, paused, resumed, moved or removed; there is no other act.")
    return act


def _free_name(document: TeamDocument, scope: SelectedScope) -> str:
    return name_for_new_task(document, min(scope.tables).task)


def _keys(query: QueryDict, name: str) -> list[int]:
    return [int(word) for word in query.getlist(name) if word.isascii() and word.isdigit() and len(word) <= LONGEST_KEY]


def _target(data: QueryDict, targets: list[str]) -> str:
    """What was chosen, or the only one that there is."""
    chosen = data.get("target", targets[0] if len(targets) == 1 else "")
    return chosen if chosen in targets else ""
