"""Proposing something about a whole task that there is: a pause, a resumption, its removal, its settings."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deploy_engine.config import Delivery as DeliveryClass
from deploy_engine.config import TaskFile
from portal.shell.requests import SignedInRequest
from portal.web.changes.proposing.model_fields import values_of
from portal.web.changes.proposing.start import options_for, posted, team_crumbs, team_url, where_of
from portal.web.changes.proposing.views import Fact, FormPage, form_page
from portal.web.changes.task_acts.forms import TaskActForm, TaskAnewForm, TaskSettingsForm
from portal.web.changes.task_acts.words import TaskAct, anew_meaning, task_act_meaning, why_not
from replication.choices import Delivery
from replication.errors import NotFound
from replication.models import ChangeRequest
from replication.selectors.proposal_options import ProposalOptions
from replication.services.change_request_part_edits import change_request_edit_task_settings
from replication.services.change_request_task_edits import (
    change_request_edit_task_anew,
    change_request_edit_task_pause,
    change_request_edit_task_remove,
)

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def task_act(request: SignedInRequest, environment: str, team: str, task: str, act: str) -> HttpResponse:
    """Pause, resume or remove a task."""
    if act not in {each.value for each in TaskAct}:
        raise NotFound("A task is paused, resumed or removed; there is no other act.")
    options, chosen = options_for(request, environment, team), TaskAct(act)
    file = _task(options, task)
    form = TaskActForm(
        posted(request),
        word=task if chosen is TaskAct.REMOVE else "",
        open_changes=options.open_changes,
        initial={"where": where_of(options)},
    )

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        if chosen is TaskAct.REMOVE:
            return change_request_edit_task_remove(actor=request.user, change_request=change_request, task=task)
        return change_request_edit_task_pause(
            actor=request.user, change_request=change_request, task=task, paused=chosen is TaskAct.PAUSE
        )

    words = f"{act.capitalize()} task {task}"
    page = FormPage(
        heading=words,
        meaning=task_act_meaning(chosen, options.document, task),
        button=f"Propose to {act} {task}",
        back_url=team_url(options),
        crumbs=team_crumbs(options, (words, "")),
        danger=chosen is TaskAct.REMOVE,
        blocked=why_not(chosen, file),
        touches=("tasks", task),
    )
    return form_page(request, options, form, page, title=words, edit=edit)


@FORM
def task_settings(request: SignedInRequest, environment: str, team: str, task: str) -> HttpResponse:
    """The settings that a task may override; its delivery class is shown with the reason why it stays."""
    options = options_for(request, environment, team)
    file = _task(options, task)
    form = TaskSettingsForm(
        posted(request),
        open_changes=options.open_changes,
        initial={"where": where_of(options), **values_of(file.settings)},
    )

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        return change_request_edit_task_settings(
            actor=request.user, change_request=change_request, task=task, changes=form.changes
        )

    page = FormPage(
        heading=f"Settings of {task}",
        meaning=(
            "DMS takes new settings only while the task stands still: deploying this pauses it for a short while.",
            "Nothing is loaded again. A setting that is left empty is Sluice's default.",
        ),
        button="Propose these settings",
        back_url=team_url(options),
        crumbs=team_crumbs(options, (f"Settings of {task}", "")),
        facts=(_delivery(options, file, task),),
        touches=("tasks", task),
    )
    return form_page(request, options, form, page, title=f"Change settings of {task}", edit=edit)


@FORM
def task_anew(request: SignedInRequest, environment: str, team: str, task: str) -> HttpResponse:
    """Another delivery class or instance: the task is made anew, and all of its tables load again."""
    options = options_for(request, environment, team)
    file = _task(options, task)
    form = TaskAnewForm(
        posted(request),
        document=options.document,
        open_changes=options.open_changes,
        initial={"where": where_of(options), "delivery": file.delivery.value, "instance": file.instance},
    )

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        return change_request_edit_task_anew(
            actor=request.user,
            change_request=change_request,
            task=task,
            delivery=form.cleaned_data["delivery"],
            instance=form.cleaned_data["instance"],
        )

    page = FormPage(
        heading=f"Delivery and instance of {task}",
        meaning=anew_meaning(file, task),
        button="Propose to make it anew",
        back_url=team_url(options),
        crumbs=team_crumbs(options, (f"Delivery and instance of {task}", "")),
        facts=(_without_a_gap(options, file),),
        touches=("tasks", task),
    )
    return form_page(request, options, form, page, title=f"Make {task} anew", edit=edit)


def _delivery(options: ProposalOptions, file: TaskFile, task: str) -> Fact:
    scope = [options.environment.name, options.team.slug, task]
    return Fact(
        label="Delivery class and instance",
        value=f"{Delivery(file.delivery.value).label}, on {file.instance}",
        reason="They cannot change in place: the task has to be made anew, and every table in it reloads.",
        act_label="Change them all the same",
        act_url=reverse("changes:task-anew", args=scope),
    )


def _without_a_gap(options: ProposalOptions, file: TaskFile) -> Fact:
    other = DeliveryClass.ONE_MINUTE if file.delivery is DeliveryClass.TEN_MINUTES else DeliveryClass.TEN_MINUTES
    new = reverse("changes:task-new", args=[options.environment.name, options.team.slug])
    return Fact(
        label="Without a gap",
        value="not by this form",
        reason="A second task can load the tables beside this one, which goes on until they have caught up.",
        act_label=f"Make a new task that writes {Delivery(other.value).label}, then reload the tables in it",
        act_url=f"{new}?source={file.source}&delivery={other.value}",
    )


def _task(options: ProposalOptions, task: str) -> TaskFile:
    file = options.document.tasks.get(task)
    if file is None:
        raise NotFound(f"Team {options.team.slug} has no task {task} in {options.environment.name}.")
    return file
