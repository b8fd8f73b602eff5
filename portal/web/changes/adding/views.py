"""Adding tables to a task: one by one, or a pasted list. Nothing is saved unless every line fits."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from deploy_engine.config import next_version
from portal.presenters.words import counted
from portal.shell.requests import SignedInRequest
from portal.web.changes.adding.forms import AddTablesForm
from portal.web.changes.adding.picker import LOOKING, OF_ANOTHER_SOURCE, picked_from_its_source, picker_of
from portal.web.changes.adding.typed import TypedRow, TypedTables, nothing_typed, typed_from
from portal.web.changes.proposing.forms import NEW
from replication.errors import EditedMeanwhile, InvalidInput, NotAllowed, Refused
from replication.models import ChangeRequest
from replication.policies import require
from replication.selectors.add_tables import AddTablesOptions, add_tables_options
from replication.services.change_request_propose_edit import change_request_propose_edit
from replication.services.change_request_table_edits import change_request_edit_tables_add

NO_TASKS = {
    "icon": "workflow",
    "title": "This team has no task here yet",
    "body": "A table belongs to a task, which reads one source at one pace.",
    "reason": "The platform team sets up a team's first task.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def add_tables(request: SignedInRequest, environment: str, team: str) -> HttpResponse:
    """The form; a POST proposes the tables and leads to the change request. `?task=` and `?to=` choose beforehand."""
    options = add_tables_options(actor=request.user, environment=environment, team=team)
    if request.method == "POST":
        return _posted(request, options)
    require(options.allowed)
    chosen = {"task": request.GET.get("task"), "where": request.GET.get("to", NEW)}
    form = AddTablesForm(options=options, initial={name: value for name, value in chosen.items() if value})
    return _page(request, options, form, nothing_typed())


@require_safe
def row(request: SignedInRequest, environment: str, team: str) -> HttpResponse:
    """One more empty row, for htmx; the rows that are there come along in the query."""
    number = len(request.GET.getlist("schema")) + 1
    context = {"row": TypedRow(number), "clock_version": _clock_version()}
    return render(request, "changes/adding/row.html", context)


def _posted(request: SignedInRequest, options: AddTablesOptions) -> HttpResponse:
    form, typed = AddTablesForm(request.POST, options=options), typed_from(request.POST)
    if "more" in request.POST or LOOKING & request.POST.keys():
        require(options.allowed)
        unbound = AddTablesForm(options=options, initial=request.POST.dict())
        return _page(request, options, unbound, typed.with_more_rows() if "more" in request.POST else typed)
    if form.is_valid() and typed.picked and not picked_from_its_source(request, options, form.cleaned_data["task"]):
        form.add_error("task", OF_ANOTHER_SOURCE)
    if not form.is_valid():
        return _page(request, options, form, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        change_request = _propose(request, options, form, typed)
    except NotAllowed:
        raise
    except EditedMeanwhile as refusal:
        form.overtaken(refusal.changes)
        setup = options.setup
        anew = add_tables_options(actor=request.user, environment=setup.environment.name, team=setup.team.slug)
        return _page(request, anew, form, typed, status=refusal.status)
    except InvalidInput as refusal:
        for finding in refusal.findings:
            if finding.pointer in {"/title", "/description", "/task"}:
                form.add_error(finding.pointer[1:], finding.message)
        about_tables = [finding for finding in refusal.findings if finding.pointer.startswith(("/entries", "/pasted"))]
        return _page(request, options, form, typed.with_findings(about_tables), status=refusal.status)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, options, form, typed, status=refusal.status)
    words = f"{counted(typed.count, 'table')} proposed. The checks and the plan are running."
    messages.success(request, words)
    return redirect("changes:detail", change_request.number)


def _propose(
    request: SignedInRequest, options: AddTablesOptions, form: AddTablesForm, typed: TypedTables
) -> ChangeRequest:
    if typed.unreadable:
        require(options.allowed)
        raise InvalidInput(typed.unreadable)
    answers = form.cleaned_data

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        return change_request_edit_tables_add(
            actor=request.user, change_request=change_request, task=answers["task"], entries=typed.entries
        )

    return change_request_propose_edit(
        actor=request.user,
        environment=options.setup.environment,
        team=options.setup.team,
        edit=edit,
        title=form.title_for(typed.count),
        description=answers["description"],
        change_request=form.into,
        seen=form.seen,
    )


def _page(
    request: SignedInRequest,
    options: AddTablesOptions,
    form: AddTablesForm,
    typed: TypedTables,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    picker = picker_of(request, options, form["task"].value() or "", typed)
    context = {
        "picker": picker,
        "setup": options.setup,
        "tasks": options.tasks,
        "no_tasks": NO_TASKS,
        "form": form,
        "others": options.others,
        "typed": typed,
        "clock_version": _clock_version(),
        "crumbs": [{"label": "Changes", "url": reverse("changes:list")}, {"label": "Add tables", "url": ""}],
    }
    return render(request, "changes/adding/page.html", context, status=status)


def _clock_version() -> str:
    return next_version(timezone.now(), ())
