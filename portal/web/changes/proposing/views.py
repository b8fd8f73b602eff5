"""What every form that proposes an edit does with what was posted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from portal.shell.crumbs import Crumb
from portal.shell.requests import SignedInRequest
from portal.web.changes.proposing.forms import ProposalForm
from replication.documents.units import Place
from replication.errors import EditedMeanwhile, InvalidInput, NotAllowed, Refused
from replication.models import ChangeRequest
from replication.policies import require
from replication.selectors.open_changes import touching
from replication.selectors.proposal_options import ProposalOptions
from replication.services.change_request_propose_edit import Edit, change_request_propose_edit


@dataclass(frozen=True)
class Fact:
    """Something that the form shows and cannot change: why, and what to do instead."""

    label: str
    value: str
    reason: str
    act_label: str
    act_url: str


@dataclass(frozen=True)
class FormPage:
    """What stands around a form: what proposing it means, and why it cannot be proposed (`blocked`, or empty)."""

    heading: str
    meaning: tuple[str, ...]
    button: str
    back_url: str
    crumbs: list[Crumb]
    danger: bool = False
    blocked: str = ""
    touches: Place = ()
    """Where what is edited stands; other open changes of the same are named. Empty: of nothing that is there yet."""
    facts: tuple[Fact, ...] = ()

    def concerns(self, place: Place) -> bool:
        """Whether what stands there is a part of what is edited."""
        return place[: len(self.touches)] == self.touches


def form_page(
    request: SignedInRequest, options: ProposalOptions, form: ProposalForm, page: FormPage, *, title: str, edit: Edit
) -> HttpResponse:
    """The form on its page; a POST makes the edit and leads to the change request."""
    status = int(HTTPStatus.OK)
    others = touching(options.others, page.concerns) if page.touches else ()
    if request.method == "POST":
        answer = (
            _refused(form, page.blocked) if page.blocked else proposed(request, options, form, title=title, edit=edit)
        )
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    require(options.allowed)
    context = {
        "page": page,
        "crumbs": page.crumbs,
        "form": form,
        "options": options,
        "others": others,
    }
    return render(request, "changes/proposing/page.html", context, status=status)


def proposed(
    request: SignedInRequest, options: ProposalOptions, form: ProposalForm, *, title: str, edit: Edit
) -> HttpResponse | int:
    """The way to the change request; or the status with which the form comes back, its errors filled in.

    `title` is the new change request's where nobody typed one. Raises `NotAllowed`, for whoever may not propose.
    """

    def propose() -> ChangeRequest:
        return change_request_propose_edit(
            actor=request.user,
            environment=options.environment,
            team=options.team,
            edit=edit,
            title=form.title_or(title),
            description=form.cleaned_data["description"],
            change_request=form.into,
            seen=form.seen,
        )

    return taken(request, form, propose)


def taken(request: SignedInRequest, form: ProposalForm, propose: Callable[[], ChangeRequest]) -> HttpResponse | int:
    """The way to the change request that `propose` gives; or the status with which the form comes back."""
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        change_request = propose()
    except NotAllowed:
        raise
    except EditedMeanwhile as refusal:
        form.overtaken(refusal.changes)
        return refusal.status
    except InvalidInput as refusal:
        form.take_findings(refusal.findings)
        return refusal.status
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return refusal.status
    messages.success(request, f"Proposed in #{change_request.number}. The checks and the plan are running.")
    return redirect("changes:detail", change_request.number)


def _refused(form: ProposalForm, reason: str) -> int:
    form.add_error(None, reason)
    return HTTPStatus.CONFLICT
