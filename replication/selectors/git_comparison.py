"""How git stood beside the database when it was compared last, scope by scope: from git to what is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Max

from deploy_engine.config import Document, TeamDocument, document_to_json
from deploy_engine.config.canonical import canonical_json
from deploy_engine.config.proposals import scope_document
from deploy_engine.config.repository import environment_path
from deploy_engine.diffing import DocumentDifference, SettingChange, compare_documents, document_places
from replication.documents import environment_file_of
from replication.models import Environment, GitComparison, Revision
from replication.selectors.git_difference import FileDifference, scope_of_path
from replication.selectors.timeline import revision_files

Scope = tuple[str, str]
"""An environment's name and a team's slug; an empty one is the base."""


@dataclass(frozen=True)
class ScopeInGit:
    """One scope that differs. Without `difference` and `settings`, git's side cannot be read as config: see `files`.

    `left_out` are files that are too long to be shown.
    """

    name: str
    files: tuple[FileDifference, ...]
    left_out: tuple[str, ...] = ()
    difference: DocumentDifference | None = None
    settings: tuple[SettingChange, ...] = field(default=())


@dataclass(frozen=True)
class GitComparisonPage:
    """The row, None before the first comparison, and what it says scope by scope; `more` files are not listed."""

    row: GitComparison | None
    scopes: tuple[ScopeInGit, ...]

    @property
    def more(self) -> int:
        """How many files differ beyond those that were kept."""
        return self.row.count - len(self.row.files) if self.row is not None else 0


def git_comparison() -> GitComparisonPage:
    """Read what the worker kept."""
    row = GitComparison.objects.first()
    if row is None:
        return GitComparisonPage(None, ())
    by_scope: dict[tuple[str, str], list[dict[str, str]]] = {}
    for each in row.files:
        by_scope.setdefault(scope_of_path(each["path"]), []).append(each)
    accepted = _accepted_files(by_scope)
    scopes = (_scope(scope, files, accepted.get(scope, {})) for scope, files in sorted(by_scope.items()))
    return GitComparisonPage(row, tuple(scopes))


def _scope(scope: Scope, kept: list[dict[str, str]], accepted: dict[str, str]) -> ScopeInGit:
    environment, team = scope
    name = f"{environment}/{team or 'base'}" if environment else "Beside the environments"
    files = tuple(FileDifference(each["path"], each["in_git"], each["accepted"]) for each in kept if "in_git" in each)
    left_out = tuple(each["path"] for each in kept if "in_git" not in each)
    if left_out or not accepted:
        return ScopeInGit(name, files, left_out)
    there = accepted | {each.path: each.in_git for each in files}
    for each in files:
        if not each.in_git:
            del there[each.path]
    sides = [scope_document(environment, team, _under(side)) for side in (there, accepted)]
    if any(isinstance(side, tuple) for side in sides):
        return ScopeInGit(name, files)
    return ScopeInGit(name, files, (), *_difference(*(side for side in sides if not isinstance(side, tuple))))


def _difference(there: Document, accepted: Document) -> tuple[DocumentDifference | None, tuple[SettingChange, ...]]:
    old, new = document_places(document_to_json(there)), document_places(document_to_json(accepted))
    places = sorted(place for place in {*old, *new} if old.get(place) != new.get(place) and "/tables/" not in place)
    settings = tuple(SettingChange(place, old.get(place), new.get(place)) for place in places)
    if isinstance(there, TeamDocument) and isinstance(accepted, TeamDocument):
        return compare_documents(there, accepted), settings
    return None, settings


def _accepted_files(scopes: Iterable[Scope]) -> dict[Scope, dict[str, str]]:
    """The files of each scope, and its environment's; nothing for a scope of which nothing is accepted."""
    bases = {
        row.name: {environment_path(row.name): canonical_json(environment_file_of(row))}
        for row in Environment.objects.all()
    }
    files = {(name, ""): base for name, base in bases.items()}
    of_teams = Revision.objects.filter(team__slug__in={team for _, team in scopes if team}).order_by()
    newest = of_teams.values("environment", "team").annotate(newest=Max("id")).values_list("newest", flat=True)
    for revision in Revision.objects.filter(pk__in=list(newest)).select_related("environment", "team"):
        if revision.team is not None:
            name = revision.environment.name
            files[name, revision.team.slug] = bases[name] | revision_files(revision)
    return files


def _under(files: Mapping[str, str]) -> Callable[[str], dict[str, str | None]]:
    def under(folder: str) -> dict[str, str | None]:
        return {path: text for path, text in files.items() if path == folder or path.startswith(f"{folder}/")}

    return under
