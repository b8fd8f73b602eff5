"""A team's sources and instances: what they are, and proposing to change or add one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.shell.requests import SignedInRequest
from portal.web.changes.parts.forms import PartForm
from portal.web.changes.proposing.model_fields import labelled_values, values_of
from portal.web.changes.proposing.start import options_for, posted, team_crumbs, where_of
from portal.web.changes.proposing.views import FormPage, form_page
from replication.errors import NotFound
from replication.models import ChangeRequest
from replication.selectors.proposal_options import ProposalOptions
from replication.services.change_request_part_edits import PartKind, change_request_add_part, change_request_edit_part

MEANING = {
    PartKind.SOURCE: (
        "Another engine, database or secret means another database: every table read from it needs a new version.",
        "A new source, or another secret, needs the platform team's approval.",
    ),
    PartKind.INSTANCE: (
        "Tasks on the instance may stand still while AWS changes it: how many, and for how long, stands in the plan.",
        "A task cannot move to another instance in place: that would reload all of its tables.",
    ),
}
NEW_MEANING = {
    PartKind.SOURCE: (
        "A source is a database that the team owns. It is named once, here; its tables are then added to tasks.",
        "Put the user and password of the database into Secrets Manager first, under {prefix}: Sluice is only told the "
        "secret's name, and never reads it.",
        "A new source needs the platform team's approval, for it says what DMS may connect to.",
    ),
    PartKind.INSTANCE: (
        "A replication instance is the machine that tasks run on: AWS makes it when the change is deployed.",
        "It costs by the hour from then on, whether tasks run on it or not.",
        "A task stays on the instance that it was made on, so choose one that has room for what is to come.",
    ),
}
"""What adding one means, to somebody who has not done it before."""
FORM = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class PartLine:
    """One source or instance with its values, and the tasks that stand on it."""

    name: str
    values: dict[str, object]
    tasks: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class PartSection:
    """All sources, or all instances."""

    title: str
    noun: str
    lines: tuple[PartLine, ...]
    new_url: str


@require_safe
def parts(request: SignedInRequest, environment: str, team: str) -> HttpResponse:
    """Everything that a team's tasks stand on; anybody may look."""
    options = options_for(request, environment, team)
    context = {
        "options": options,
        "sections": [_section(options, kind) for kind in PartKind],
        "crumbs": team_crumbs(options, ("Sources and instances", "")),
    }
    return render(request, "changes/parts/list.html", context)


@FORM
def part_new(request: SignedInRequest, environment: str, team: str, kind: str) -> HttpResponse:
    """A new source or instance."""
    options, chosen = options_for(request, environment, team), _kind(kind)
    form = PartForm(
        posted(request),
        kind=chosen,
        is_new=True,
        secrets=f"sluice/{team}/",
        open_changes=options.open_changes,
        initial={"where": where_of(options)},
    )

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        return change_request_add_part(
            actor=request.user,
            change_request=change_request,
            kind=chosen,
            name=form.cleaned_data["name"],
            values=form.values,
        )

    meaning = tuple(sentence.format(prefix=f"sluice/{team}/") for sentence in NEW_MEANING[chosen])
    page = replace(_page(options, chosen, f"New {kind}", f"Propose the {kind}"), meaning=meaning)
    return form_page(request, options, form, page, title=f"New {kind} {request.POST.get('name', '')}", edit=edit)


@FORM
def part_edit(request: SignedInRequest, environment: str, team: str, kind: str, name: str) -> HttpResponse:
    """Other values for a source or an instance."""
    options, chosen = options_for(request, environment, team), _kind(kind)
    part = chosen.parts(options.document).get(name)
    if part is None:
        raise NotFound(f"Team {team} has no {kind} {name} in {environment}.")
    form = PartForm(
        posted(request),
        kind=chosen,
        is_new=False,
        open_changes=options.open_changes,
        initial={"where": where_of(options), **values_of(part)},
    )

    def edit(change_request: ChangeRequest) -> ChangeRequest:
        return change_request_edit_part(
            actor=request.user, change_request=change_request, kind=chosen, name=name, changes=form.changes
        )

    words = f"Change the {kind} {name}"
    page = replace(_page(options, chosen, words, "Propose these values"), touches=("team", f"{kind}s", name))
    return form_page(request, options, form, page, title=words, edit=edit)


def _page(options: ProposalOptions, kind: PartKind, words: str, button: str) -> FormPage:
    back = _url("parts", options)
    return FormPage(
        heading=words,
        meaning=MEANING[kind],
        button=button,
        back_url=back,
        crumbs=team_crumbs(options, ("Sources and instances", back), (words, "")),
    )


def _section(options: ProposalOptions, kind: PartKind) -> PartSection:
    tasks = options.document.tasks
    return PartSection(
        title=f"{kind.value.capitalize()}s",
        noun=kind.value,
        lines=tuple(
            PartLine(
                name=name,
                values=labelled_values(part),
                tasks=tuple(task for task, file in sorted(tasks.items()) if getattr(file, kind.value) == name),
                url=_url("part-edit", options, kind.value, name),
            )
            for name, part in kind.parts(options.document).items()
        ),
        new_url=_url("part-new", options, kind.value),
    )


def _kind(word: str) -> PartKind:
    try:
        return PartKind(word)
    except ValueError:
        raise NotFound("A team has sources and instances; there is nothing else of that kind.") from None


def _url(name: str, options: ProposalOptions, *words: str) -> str:
    return reverse(f"changes:{name}", args=[options.environment.name, options.team.slug, *words])
