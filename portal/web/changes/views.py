"""The change request page, and the parts of it that renew themselves."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.shell.requests import SignedInRequest
from portal.web.changes.forms import RenameForm
from portal.web.changes.page import live_context, page_context, page_token
from replication.errors import InvalidInput
from replication.policies import can_edit, require
from replication.selectors.change_request_page import change_request_by_number, change_request_page
from replication.services.change_requests import change_request_rename


@require_safe
def detail(request: SignedInRequest, number: int) -> HttpResponse:
    """The page; `?show=` chooses how to look at what changes."""
    page = change_request_page(actor=request.user, change_request=change_request_by_number(number))
    return render(request, "changes/detail.html", page_context(page, request.GET))


@require_safe
def live(request: SignedInRequest, number: int) -> HttpResponse:
    """The live parts, for htmx; 204 (leave it as it is) to a page that has seen them as they are."""
    page = change_request_page(actor=request.user, change_request=change_request_by_number(number))
    if request.GET.get("seen") == page_token(page) and page.is_moving:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "changes/live.html", live_context(page))


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: SignedInRequest, number: int) -> HttpResponse:
    """Change the title and the description."""
    change_request = change_request_by_number(number)
    kept = {"title": change_request.title, "description": change_request.description}
    form = RenameForm(request.POST if request.method == "POST" else None, initial=kept)
    status = HTTPStatus.OK
    if request.method != "POST":
        require(can_edit(request.user, change_request))
    elif form.is_valid():
        try:
            change_request_rename(actor=request.user, change_request=change_request, **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error("title", refusal.sentence)
            status = refusal.status
        else:
            return redirect("changes:detail", number)
    else:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"change": change_request, "form": form}
    return render(request, "changes/rename.html", context, status=status)
