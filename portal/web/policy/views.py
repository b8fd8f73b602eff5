"""The review policy of a team in an environment: what it is, what another one would have done, and changing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.shell.crumbs import crumbs
from portal.shell.environments import environment_named
from portal.shell.requests import SignedInRequest
from portal.web.policy.forms import PolicyForm, initial_of
from replication.errors import InvalidInput, ReasonRequired
from replication.models import TeamSetup
from replication.policies import can_manage_platform, require
from replication.selectors.policy_preview import LOOKS_BACK, PolicyPreview, policy_preview
from replication.selectors.review_policies import review_policy_of
from replication.services.review_policies import review_policy_change


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: SignedInRequest, environment: str, team: str) -> HttpResponse:
    """Anybody may read it; the platform team previews and changes it."""
    setup = get_object_or_404(
        TeamSetup.objects.select_related("team", "environment"),
        team__slug=team,
        environment=environment_named(request, environment),
    )
    form, preview = PolicyForm(initial=initial_of(setup)), policy_preview(setup, review_policy_of(setup))
    if request.method == "POST":
        require(can_manage_platform(request.user))
        form = PolicyForm(request.POST)
        answer = _posted(request, setup, form)
        if isinstance(answer, HttpResponse):
            return answer
        preview = answer or preview
    history = setup.history.exclude(history_change_reason="").order_by("-history_date")[:10]
    context = {
        "crumbs": crumbs(
            ("Settings", reverse("settings:all")),
            (setup.team.slug, reverse("teams:detail", args=[environment, team])),
            ("Review policy", ""),
        ),
        "setup": setup,
        "form": form,
        "preview": preview,
        "days": LOOKS_BACK.days,
        "previewing": request.method == "POST" and not form.errors,
        "may_manage": can_manage_platform(request.user),
        "history": history,
    }
    return render(request, "policy/detail.html", context, status=422 if form.errors else 200)


def _posted(request: SignedInRequest, setup: TeamSetup, form: PolicyForm) -> HttpResponse | PolicyPreview | None:
    """A redirect once it is kept, the preview of what was typed, or nothing where the form has errors."""
    if not form.is_valid():
        return None
    try:
        if "preview" in request.POST:
            return policy_preview(setup, form.values.policy)
        changed = review_policy_change(
            actor=request.user, setup=setup, values=form.values, reason=form.cleaned_data["reason"]
        )
    except InvalidInput as refused:
        about_reason = any(finding.pointer == "/reason" for finding in refused.findings)
        form.add_error("reason" if about_reason else "freeze_windows", refused.sentence)
        return None
    except ReasonRequired as refused:
        form.add_error("reason", refused.sentence)
        return None
    messages.success(request, "The policy holds from now on." if changed else "It is as it was: nothing was changed.")
    return HttpResponseRedirect(request.path)
