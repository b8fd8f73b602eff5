"""What people do with a change request: each act is one POST, one service, and the way back to the page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal.shell.requests import SignedInRequest
from portal.templatetags.sluice import ago
from portal.web.changes.forms import CommentForm
from portal.web.changes.page import page_context, tables_of
from portal.web.changes.verdict import Typed, word_to_type
from replication.errors import TOLD_AT_MOST, EditedMeanwhile, InvalidInput, ReasonRequired, Refused
from replication.models import ChangeRequest
from replication.selectors.approvals import plan_of
from replication.selectors.change_request_page import change_request_by_number, change_request_page
from replication.selectors.check_runs import current_check_run
from replication.services.change_request_edit_as_seen import Edit, change_request_edit_as_seen
from replication.services.change_request_take_back import (
    change_request_take_back,
    change_request_take_back_task,
    change_request_take_back_thing,
)
from replication.services.change_requests import change_request_close, change_request_comment, change_request_submit
from replication.services.checks import checks_request
from replication.services.merging import change_request_merge
from replication.services.proposal_putting import proposal_vouch
from replication.services.rehearsals import rehearsal_request
from replication.services.reviews import review_approve, review_refuse, review_request_changes


@require_POST
def submit(request: SignedInRequest, number: int) -> HttpResponse:
    """Ask for reviews."""
    try:
        change_request_submit(
            actor=request.user, change_request=change_request_by_number(number), seen=request.POST.get("seen", "")
        )
    except EditedMeanwhile as refusal:
        _tell_meanwhile(request, "Not submitted yet, for you have not seen all of it", refusal)
    else:
        messages.success(request, "Submitted. Its checks run once more, then reviewers see it.")
    return redirect("changes:detail", number)


@require_POST
def vouch(request: SignedInRequest, number: int) -> HttpResponse:
    """Answer for the commits of people whom the portal does not know."""
    proposal_vouch(actor=request.user, change_request=change_request_by_number(number))
    messages.success(request, "You vouched for it, and count as an author now: somebody else approves it.")
    return redirect("changes:detail", number)


@require_POST
def approve(request: SignedInRequest, number: int) -> HttpResponse:
    """Approve the plan that the page showed."""
    review_approve(
        actor=request.user,
        change_request=change_request_by_number(number),
        fingerprint=request.POST.get("fingerprint", ""),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, "Approved, for exactly this plan.")
    return redirect("changes:detail", number)


@require_POST
def request_changes(request: SignedInRequest, number: int) -> HttpResponse:
    """Ask for changes, with a reason."""

    def act(change_request: ChangeRequest, reason: str) -> None:
        review_request_changes(actor=request.user, change_request=change_request, reason=reason)

    return _with_reason(request, number, "request-changes", act, "You asked for changes; the author reads your reason.")


@require_POST
def refuse(request: SignedInRequest, number: int) -> HttpResponse:
    """Refuse, with a reason."""

    def act(change_request: ChangeRequest, reason: str) -> None:
        review_refuse(actor=request.user, change_request=change_request, reason=reason)

    return _with_reason(request, number, "refuse", act, "Refused. It is a draft again, with your reason.")


@require_POST
def merge(request: SignedInRequest, number: int) -> HttpResponse:
    """Accept and deploy; a plan that removes tables wants the table's name typed."""
    change_request = change_request_by_number(number)
    word = word_to_type(plan_of(current_check_run(change_request)))
    if word and request.POST.get("typed", "").strip() != word:
        messages.error(request, f"Nothing was merged: type “{word}” to confirm that replication of it ends.")
        return redirect("changes:detail", number)
    deployment = change_request_merge(actor=request.user, change_request=change_request)
    messages.success(request, f"Merged. Deployment {deployment.pk} has begun.")
    return redirect("deployments:detail", deployment.pk)


@require_POST
def close(request: SignedInRequest, number: int) -> HttpResponse:
    """Give it up."""
    change_request_close(
        actor=request.user,
        change_request=change_request_by_number(number),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, "Closed without merging.")
    return redirect("changes:detail", number)


@require_POST
def rerun_checks(request: SignedInRequest, number: int) -> HttpResponse:
    """Run all checks and the plan again."""
    checks_request(actor=request.user, change_request=change_request_by_number(number))
    return redirect("changes:detail", number)


@require_POST
def rehearse(request: SignedInRequest, number: int) -> HttpResponse:
    """Try the plan in a local AWS that holds a copy of what is deployed."""
    rehearsal_request(
        actor=request.user, change_request=change_request_by_number(number), fault=request.POST.get("fault", "")
    )
    return redirect(f"{reverse('changes:detail', args=[number])}#rehearsal")


@require_POST
def take_back(request: SignedInRequest, number: int, task: str, table: str) -> HttpResponse:
    """Undo what the draft does to one table."""

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        return change_request_take_back(actor=request.user, change_request=change_request, task=task, table=table)

    return _taken_back(request, number, edit, table)


@require_POST
def take_back_task(request: SignedInRequest, number: int, task: str) -> HttpResponse:
    """Undo all that the draft does to one task."""

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        return change_request_take_back_task(actor=request.user, change_request=change_request, task=task)

    return _taken_back(request, number, edit, f"all changes of the task {task}")


@require_POST
def take_back_thing(request: SignedInRequest, number: int, place: str) -> HttpResponse:
    """Undo what the draft does to a source, an instance or another value."""

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        return change_request_take_back_thing(actor=request.user, change_request=change_request, place=place)

    return _taken_back(request, number, edit, place)


def _taken_back(request: SignedInRequest, number: int, edit: Edit, what: str) -> HttpResponse:
    """`?seen=` is the document that the page showed: what others edited since is not taken back unseen."""
    try:
        change_request_edit_as_seen(
            actor=request.user,
            change_request=change_request_by_number(number),
            seen=request.GET.get("seen", ""),
            edit=edit,
        )
    except EditedMeanwhile as refusal:
        _tell_meanwhile(request, "Not taken back", refusal)
    else:
        messages.success(request, f"Taken back: {what}.")
    return redirect(f"{reverse('changes:detail', args=[number])}#changes")


def _tell_meanwhile(request: SignedInRequest, what: str, refusal: EditedMeanwhile) -> None:
    for each in refusal.changes[:TOLD_AT_MOST]:
        words = f"{what}: {each.editor_name} changed {each.place} {ago(each.at)}: {each.sentence}."
        messages.error(request, words)


@require_POST
def comment(request: SignedInRequest, number: int) -> HttpResponse:
    """Say something, about the whole or about one table."""
    change_request = change_request_by_number(number)
    page = change_request_page(actor=request.user, change_request=change_request)
    form = CommentForm(request.POST, tables=tables_of(page))
    if form.is_valid():
        try:
            change_request_comment(actor=request.user, change_request=change_request, **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error("body", refusal.sentence)
        else:
            return redirect(f"{request.path.removesuffix('comment/')}#discussion")
    context = page_context(page, request.GET, comment=form)
    return render(request, "changes/detail.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _with_reason(
    request: SignedInRequest, number: int, name: str, act: Callable[[ChangeRequest, str], None], done: str
) -> HttpResponse:
    """An act that takes a reason; where the reason is refused, the page comes back with what was typed."""
    change_request, reason = change_request_by_number(number), request.POST.get("reason", "")
    try:
        act(change_request, reason)
    except (ReasonRequired, InvalidInput) as refusal:
        return _again(request, number, Typed(name, reason, refusal.sentence), refusal)
    messages.success(request, done)
    return redirect("changes:detail", number)


def _again(request: SignedInRequest, number: int, typed: Typed, refusal: Refused) -> HttpResponse:
    page = change_request_page(actor=request.user, change_request=change_request_by_number(number))
    context = page_context(page, request.GET, typed=typed)
    return render(request, "changes/detail.html", context, status=refusal.status)
