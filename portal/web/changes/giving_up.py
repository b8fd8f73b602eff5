"""The page on which the platform team names the runaway loads that a change may break off."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.shell.requests import SignedInRequest
from replication.errors import InvalidInput, ReasonRequired
from replication.policies import can_give_up_loads, require
from replication.selectors.change_request_page import change_request_by_number
from replication.selectors.giving_up import tables_to_give_up
from replication.services.change_request_give_up import change_request_give_up


class GiveUpForm(forms.Form):
    """Which loads, and why."""

    tables = forms.MultipleChoiceField(
        label="Loads that may be broken off", required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="Why?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text="It stays in the audit."
    )

    def __init__(self, *args: Any, possible: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tables"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(table, table) for table in possible]


@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: SignedInRequest, number: int) -> HttpResponse:
    """Choose the loads; what was chosen before is ticked, and nothing ticked takes it back."""
    change_request = change_request_by_number(number)
    require(can_give_up_loads(request.user, change_request))
    possible, status = tables_to_give_up(change_request), HTTPStatus.OK
    data = request.POST if request.method == "POST" else None
    form = GiveUpForm(data, initial={"tables": change_request.given_up}, possible=possible)
    if data is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                change_request_give_up(actor=request.user, change_request=change_request, **form.cleaned_data)
            except (InvalidInput, ReasonRequired) as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, "Noted. Its checks and its plan run again.")
                return redirect("changes:detail", number)
    context = {"change": change_request, "form": form, "possible": possible}
    return render(request, "changes/giving_up.html", context, status=status)
