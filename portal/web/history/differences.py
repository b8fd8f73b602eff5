"""What is different between two states of a scope, for `history/difference.html`: tables, settings, files, and who."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from deploy_engine.diffing import DocumentDifference, SettingChange, table_place
from deploy_engine.diffing.documents import ChangeKind
from portal.presenters.diffs import Diff, unified
from portal.presenters.plan_summary import Count
from portal.presenters.table_changes import SIGNS, TableChangeGroup, table_change_groups
from replication.models import Revision
from replication.selectors.company_moments import ScopeBetween
from replication.selectors.git_comparison import ScopeInGit
from replication.selectors.moments import ConfigBetween
from replication.selectors.timeline import RevisionChange, revision_files

TABLES_INLINE = 8
"""Of one scope, among all those of the company."""

_COUNTED = {
    ChangeKind.ADDED: "added",
    ChangeKind.RELOADED: "reloaded",
    ChangeKind.RESUMED: "resumed",
    ChangeKind.PAUSED: "paused",
    ChangeKind.REMOVED: "removed",
}


@dataclass(frozen=True)
class SettingLine:
    """A changed value, and who is behind it."""

    place: str
    before: str
    after: str
    who: str


@dataclass(frozen=True)
class Difference:
    """All that differs; `nothing` are the words where nothing does."""

    groups: list[TableChangeGroup]
    settings: list[SettingLine]
    diffs: list[Diff]
    nothing: str = "Nothing."

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.groups or self.settings)


def difference_between(between: ConfigBetween, *, task: str = "", with_who: bool = True) -> Difference:
    """Of two moments: the component of the review, with who is behind each line."""
    origins = between.origins if with_who else {}
    changed_back = "Nothing: what was changed meanwhile was changed back."
    return Difference(
        groups=_groups(between.difference, origins),
        settings=[_setting(change, origins) for change in between.settings],
        diffs=_diffs(_files(between.before), _files(between.after), task),
        nothing=changed_back if between.revisions else "Nothing was changed between the two.",
    )


def difference_of_revision(change: RevisionChange) -> Difference:
    """Of a revision beside the one before it; of a team's first one, its tables only."""
    settings = change.settings if change.before is not None or change.difference is None else ()
    return Difference(
        groups=_groups(change.difference, {}),
        settings=[_setting(each, {}) for each in settings],
        diffs=_diffs(change.files_before, change.files_after, ""),
        nothing="Nothing: it is what the revision before it was.",
    )


def difference_of_git(scope: ScopeInGit) -> Difference:
    """From what git says to what is accepted: what repairing it would do to git."""
    diffs = [unified(each.path, each.in_git, each.accepted, opened=True) for each in scope.files]
    return Difference(
        groups=_groups(scope.difference, {}),
        settings=[_setting(change, {}) for change in scope.settings],
        diffs=[diff for diff in diffs if diff.lines],
        nothing="The files differ, and mean the same."
        if scope.difference is not None
        else "What git has here cannot be read as config: see the files.",
    )


@dataclass(frozen=True)
class ScopeLine:
    """One scope of the company between two moments; `counts` say what is different, as above a plan.

    Its tables are in `groups` where they are few; else its own page has them.
    """

    scope: ScopeBetween
    groups: list[TableChangeGroup]
    counts: list[Count]


def scope_line(scope: ScopeBetween) -> ScopeLine:
    """What became of one scope."""
    counts = []
    if scope.difference is not None:
        found = {kind: scope.difference.count(kind) for kind in _COUNTED}
        counts = [
            Count(SIGNS[kind][0], found[kind], word, SIGNS[kind][1]) for kind, word in _COUNTED.items() if found[kind]
        ]
    if scope.settings:
        counts.append(Count("~", scope.settings, "setting" if scope.settings == 1 else "settings", "change"))
    few = scope.difference is not None and len(scope.difference.tables) <= TABLES_INLINE
    return ScopeLine(scope, _groups(scope.difference, {}) if few else [], counts)


def who_and_why(origin: Revision) -> str:
    """`Mia Example, 2026-11-24 12:00 UTC: #7 Reload barcodes, approved by Rita Example`."""
    number = f"#{origin.change_request_id} " if origin.change_request_id else ""
    said = f"{origin.author_name}, {origin.created_at:%Y-%m-%d %H:%M} UTC: {number}{origin.title}"
    request = origin.change_request
    if request is None:
        return said
    reviewers = ", ".join(review.reviewer_name for review in request.reviews.all())
    without = f" (without review: {request.emergency_reason})" if request.emergency_reason else ""
    return f"{said}, approved by {reviewers}" if reviewers else f"{said}{without}"


def _groups(difference: DocumentDifference | None, origins: Mapping[str, Revision]) -> list[TableChangeGroup]:
    if difference is None:
        return []
    groups = table_change_groups(difference)
    for group in groups:
        for place, line in enumerate(group.tables):
            origin = origins.get(table_place(group.task, line.name))
            if origin is not None:
                group.tables[place] = replace(line, note=who_and_why(origin))
    return groups


def _setting(change: SettingChange, origins: Mapping[str, Revision]) -> SettingLine:
    origin = origins.get(change.place)
    who = who_and_why(origin) if origin is not None else ""
    return SettingLine(change.place, change.before or "", change.after or "", who)


def _files(revision: Revision | None) -> dict[str, str]:
    return revision_files(revision) if revision is not None else {}


def _diffs(then: Mapping[str, str], now: Mapping[str, str], task: str) -> list[Diff]:
    paths = sorted(path for path in {*then, *now} if not task or path.endswith(f"/tasks/{task}.json"))
    diffs = [unified(path, then.get(path, ""), now.get(path, ""), opened=False) for path in paths]
    return [diff for diff in diffs if diff.lines]
