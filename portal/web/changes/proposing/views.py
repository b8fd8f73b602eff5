"""What every form that proposes an edit does with what was posted."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from portal.shell.requests import SignedInRequest
from portal.web.changes.proposing.forms import ProposalForm
from replication.errors import InvalidInput, NotAllowed, Refused
from replication.selectors.proposal_options import ProposalOptions
from replication.services.change_request_propose_edit import Edit, change_request_propose_edit


def proposed(
    request: SignedInRequest, options: ProposalOptions, form: ProposalForm, *, title: str, edit: Edit
) -> HttpResponse | int:
    """The way to the change request; or the status with which the form comes back, its errors filled in.

    `title` is the new change request's where nobody typed one. Raises `NotAllowed`, for whoever may not propose.
    """
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        change_request = change_request_propose_edit(
            actor=request.user,
            environment=options.environment,
            team=options.team,
            edit=edit,
            title=form.title_or(title),
            description=form.cleaned_data["description"],
            change_request=form.into,
        )
    except NotAllowed:
        raise
    except InvalidInput as refusal:
        form.take_findings(refusal.findings)
        return refusal.status
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return refusal.status
    messages.success(request, f"Proposed in #{change_request.number}. The checks and the plan are running.")
    return redirect("changes:detail", change_request.number)
