"""People and their roles: anybody may see who may do what; the platform team changes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.presenters.events import event_days
from portal.presenters.pages import links_of
from portal.shell.crumbs import crumbs
from portal.shell.exporting import export_of, file_of, format_asked
from portal.shell.requests import SignedInRequest
from portal.web.people.forms import (
    NO_ROLE,
    AccountForm,
    CompanyRoleForm,
    PeopleFilterForm,
    PersonForm,
    TeamRoleForm,
)
from portal.web.people.password import choose_password_path
from replication.choices import GlobalRoleName, TeamRole
from replication.errors import NotFound
from replication.models import Team
from replication.policies import can_manage_platform, require
from replication.selectors.exports import people as exported
from replication.selectors.people import PersonPage, people, person_page
from replication.services.memberships import (
    global_role_grant,
    global_role_revoke,
    membership_grant,
    membership_revoke,
)
from replication.services.people import person_close, person_create, person_reopen

PAGE_SIZE = 50
EXPORTED = "Every account that these filters let through, with its roles."
MEANING = {
    GlobalRoleName.PLATFORM: "Everything of every team, base stacks, environments, people, policy, emergencies.",
    GlobalRoleName.AUDITOR: "Exports the audit and verifies its chain.",
}


@require_safe
def people_list(request: SignedInRequest) -> HttpResponseBase:
    """Everybody, with their roles."""
    form = PeopleFilterForm(request.GET, teams=list(Team.objects.only("slug")))
    if wanted := format_asked(request, form):
        return file_of(wanted, ("people",), exported.Row._fields, exported.rows(form.filters))
    page = Paginator(people(form.filters), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "crumbs": crumbs(("Settings", reverse("settings:all")), ("People", "")),
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "people": page.object_list,
        "page": links_of(page, request.GET, noun="account"),
        "export": export_of(request, EXPORTED),
        "may_manage": can_manage_platform(request.user),
    }
    return render(request, "people/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: SignedInRequest) -> HttpResponse:
    """Open an account."""
    require(can_manage_platform(request.user))
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = person_create(actor=request.user, **form.cleaned_data)
        except ValidationError as refused:
            _show(form, refused)
        else:
            messages.success(
                request, f"The account {person.username} is open. Make a link by which its owner chooses a password."
            )
            return HttpResponseRedirect(reverse("people:detail", args=[person.pk]))
    context = {
        "form": form,
        "crumbs": crumbs(("Settings", reverse("settings:all")), ("People", reverse("people:list")), ("New", "")),
    }
    status = 422 if form.errors else 200
    return render(request, "people/new.html", context, status=status)


@require_safe
def person_detail(request: SignedInRequest, key: int) -> HttpResponse:
    """One person."""
    return _detail(request, person_page(key))


@require_POST
def team_role(request: SignedInRequest, key: int) -> HttpResponse:
    """Give or take a role in a team."""
    page, form = person_page(key), TeamRoleForm(request.POST)
    if not form.is_valid():
        require(can_manage_platform(request.user))
        return _detail(request, page, problem="Choose a team and a role.")
    team, role = form.cleaned_data["team"], form.cleaned_data["role"]
    if role != NO_ROLE:
        membership_grant(actor=request.user, user=page.person, team=team, role=TeamRole(role))
        messages.success(request, f"Now a {TeamRole(role).label} of {team.slug}.")
    else:
        found = next((each for each in page.memberships if each.team_id == team.pk), None)
        if found is None:
            raise NotFound(f"{page.person.username} is not in team {team.slug}.")
        membership_revoke(actor=request.user, membership=found)
        messages.success(request, f"No longer in team {team.slug}.")
    return HttpResponseRedirect(reverse("people:detail", args=[key]))


@require_POST
def company_role(request: SignedInRequest, key: int) -> HttpResponse:
    """Give or take a role for the whole company."""
    page, form = person_page(key), CompanyRoleForm(request.POST)
    if not form.is_valid():
        require(can_manage_platform(request.user))
        return _detail(request, page, problem="Choose a role.")
    role = GlobalRoleName(form.cleaned_data["role"])
    found = next((each for each in page.global_roles if each.role == role), None)
    if form.cleaned_data["granted"]:
        global_role_grant(actor=request.user, user=page.person, role=role)
        messages.success(request, f"Now a {role.label}.")
    elif found is not None:
        global_role_revoke(actor=request.user, granted=found)
        messages.success(request, f"No longer a {role.label}.")
    return HttpResponseRedirect(reverse("people:detail", args=[key]))


@require_POST
def account(request: SignedInRequest, key: int) -> HttpResponse:
    """Close an account, or open it again."""
    page, form = person_page(key), AccountForm(request.POST)
    if not form.is_valid():
        require(can_manage_platform(request.user))
        return _detail(request, page, problem="A reason has at most 300 characters.")
    if form.cleaned_data["active"]:
        person_reopen(actor=request.user, person=page.person)
        messages.success(request, "The account is open again, with the roles that it had.")
    else:
        person_close(actor=request.user, person=page.person, reason=form.cleaned_data["reason"])
        messages.success(request, "The account is closed: nobody signs in with it any more.")
    return HttpResponseRedirect(reverse("people:detail", args=[key]))


@require_POST
def password_link(request: SignedInRequest, key: int) -> HttpResponse:
    """Show, once, a link by which the person chooses a password."""
    require(can_manage_platform(request.user))
    page = person_page(key)
    return _detail(request, page, link=request.build_absolute_uri(choose_password_path(page.person)))


def _detail(request: SignedInRequest, page: PersonPage, *, link: str = "", problem: str = "") -> HttpResponse:
    held = {each.role for each in page.global_roles}
    context: dict[str, Any] = {
        "crumbs": crumbs(
            ("Settings", reverse("settings:all")), ("People", reverse("people:list")), (page.person.get_username(), "")
        ),
        "page": page,
        "name": page.person.get_full_name() or page.person.get_username(),
        "company_roles": [
            {"role": role.value, "label": role.label, "meaning": MEANING[role], "held": role in held}
            for role in GlobalRoleName
        ],
        "team_roles": TeamRole.choices,
        "days": event_days(list(page.granted)),
        "may_manage": can_manage_platform(request.user),
        "link": link,
        "problem": problem,
    }
    return render(request, "people/detail.html", context, status=422 if problem else 200)


def _show(form: Form, refused: ValidationError) -> None:
    """Say Django's words beside the fields that they are about."""
    for name, words in refused.message_dict.items():
        for word in words:
            form.add_error(name if name in form.fields else None, word)
