"""Proposing a new task: an empty one, one with a pasted list of tables, or one like another task."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from deploy_engine.config import TaskFile
from deploy_engine.findings import Finding
from portal.presenters.words import counted
from portal.shell.requests import SignedInRequest
from portal.web.changes.proposing.start import options_for, posted, team_crumbs, team_url, where_of
from portal.web.changes.proposing.views import FormPage, form_page
from portal.web.changes.task_acts.forms import NewTaskForm
from replication.errors import InvalidInput, NotFound
from replication.models import ChangeRequest
from replication.selectors.proposal_options import ProposalOptions
from replication.selectors.reload_beside import name_for_new_task
from replication.services.change_request_task_edits import change_request_edit_task_add
from replication.services.pasted import pasted_read

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def task_new(request: SignedInRequest, environment: str, team: str) -> HttpResponse:
    """A new task; `?source=` and `?delivery=` choose beforehand."""
    options = options_for(request, environment, team)
    chosen = {name: request.GET[name] for name in ("source", "delivery") if name in request.GET}
    page = FormPage(
        heading="New task",
        meaning=(),
        button="Propose the task",
        back_url=team_url(options),
        crumbs=team_crumbs(options, ("New task", "")),
    )
    return _form(request, options, page, chosen)


@FORM
def task_clone(request: SignedInRequest, environment: str, team: str, task: str) -> HttpResponse:
    """A new task with the settings of `task` and, to begin with, all of its tables."""
    options = options_for(request, environment, team)
    file = options.document.tasks.get(task)
    if file is None:
        raise NotFound(f"Team {team} has no task {task} in {environment}.")
    chosen = {
        "task": name_for_new_task(options.document, task),
        "source": file.source,
        "instance": file.instance,
        "delivery": file.delivery.value,
        "entries": "\n".join(f"{entry.reference.schema}.{entry.reference.table}" for entry in file.active_tables),
    }
    page = FormPage(
        heading=f"Clone {task}",
        meaning=_clone_meaning(file, task),
        button=f"Propose a clone of {task}",
        back_url=team_url(options),
        crumbs=team_crumbs(options, (f"Clone {task}", "")),
        touches=("tasks", task),
    )
    return _form(request, options, page, chosen, like=task)


def _clone_meaning(file: TaskFile, task: str) -> tuple[str, ...]:
    settings = len(file.settings.model_dump(exclude_none=True)) if file.settings is not None else 0
    kept = f"the {counted(settings, 'setting')} that {task} overrides" if settings else "Sluice's default settings"
    return (
        f"The clone has {kept}. Its tables are loaded in full, each under a new version and into a folder of its own.",
        f"{task} stays as it is, and reads its tables on. Where both read the same source, Sluice drafts the change "
        "that ends the older copy of a table once the clone has caught up; close that draft to keep both.",
        "Take out of the list what the clone is not to have, or add to it.",
    )


def _form(
    request: SignedInRequest, options: ProposalOptions, page: FormPage, chosen: dict[str, str], *, like: str = ""
) -> HttpResponse:
    form = NewTaskForm(
        posted(request),
        document=options.document,
        open_changes=options.open_changes,
        initial={"where": where_of(options), **chosen},
    )

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        answers = form.cleaned_data
        pasted = pasted_read(answers["entries"])
        if pasted.findings:
            raise InvalidInput(
                [_at_line(finding, int(finding.pointer.rsplit("/", 1)[-1])) for finding in pasted.findings]
            )
        try:
            return change_request_edit_task_add(
                actor=request.user,
                change_request=change_request,
                task=answers["task"],
                source=answers["source"],
                instance=answers["instance"],
                delivery=answers["delivery"],
                entries=[entry.text for entry in pasted.entries],
                like=like,
            )
        except InvalidInput as refusal:
            lines = [entry.line for entry in pasted.entries]
            raise InvalidInput([_as_pasted(finding, lines) for finding in refusal.findings]) from None

    title = f"Clone {like} as {request.POST.get('task', '')}" if like else f"New task {request.POST.get('task', '')}"
    return form_page(request, options, form, page, title=title, edit=edit)


def _as_pasted(finding: Finding, lines: list[int]) -> Finding:
    """The finding about an entry, at the line that the entry was pasted in."""
    field, _, index = finding.pointer.strip("/").partition("/")
    return _at_line(finding, lines[int(index)]) if field == "entries" and index.isdigit() else finding


def _at_line(finding: Finding, line: int) -> Finding:
    return replace(finding, pointer=f"/entries/{line}")
