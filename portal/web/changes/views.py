"""The change request page, and the parts of it that renew themselves."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.shell.form_findings import take_findings
from portal.shell.requests import SignedInRequest
from portal.web.changes.changed import changed
from portal.web.changes.forms import RenameForm
from portal.web.changes.page import live_context, page_context
from replication.errors import EditedMeanwhile, EditMeanwhile, InvalidInput
from replication.policies import can_edit, require
from replication.selectors.change_request_page import change_request_by_number, change_request_page
from replication.selectors.change_request_token import change_request_token_now
from replication.services.change_requests import change_request_rename, heading_hash


@require_safe
def detail(request: SignedInRequest, number: int) -> HttpResponse:
    """The page; `?show=` chooses how to look at what changes."""
    page = change_request_page(actor=request.user, change_request=change_request_by_number(number))
    return render(request, "changes/detail.html", page_context(page, request.GET))


@require_safe
def live(request: SignedInRequest, number: int) -> HttpResponse:
    """The live parts, for htmx; 204 (leave it as it is) to a page that has seen them as they are.

    The list of what changes comes along where the page shows it of another document.
    """
    if request.GET.get("seen") == change_request_token_now(number):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    page = change_request_page(actor=request.user, change_request=change_request_by_number(number))
    context = live_context(page, request.GET)
    if request.GET.get("document", "") != page.change_request.document_hash:
        context["changed"] = changed(page, request.GET)
    return render(request, "changes/live.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: SignedInRequest, number: int) -> HttpResponse:
    """Change the title and the description."""
    change_request = change_request_by_number(number)
    now = heading_hash(change_request)
    kept = {"title": change_request.title, "description": change_request.description, "seen": now}
    form = RenameForm(request.POST if request.method == "POST" else None, initial=kept)
    overtaken_by: tuple[EditMeanwhile, ...] = ()
    status = HTTPStatus.OK
    if request.method != "POST":
        require(can_edit(request.user, change_request))
    elif form.is_valid():
        try:
            change_request_rename(actor=request.user, change_request=change_request, **form.cleaned_data)
        except EditedMeanwhile as refusal:
            form = RenameForm({**form.cleaned_data, "seen": now})
            form.add_error(None, "Somebody edited the same meanwhile. What you typed is still here.")
            overtaken_by, status = refusal.changes, refusal.status
        except InvalidInput as refusal:
            take_findings(form, refusal.findings)
            status = refusal.status
        else:
            return redirect("changes:detail", number)
    else:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"change": change_request, "form": form, "overtaken_by": overtaken_by}
    return render(request, "changes/rename.html", context, status=status)
