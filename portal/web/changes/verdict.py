"""The box at the end of a change request: what a merge needs, and the one act that fits. For `requirement_box.html`."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from deploy_engine.planning import EffectKind, Plan
from portal.presenters.plan_summary import plan_figures, tables_paused
from portal.presenters.words import counted
from replication.choices import ChangeRequestState
from replication.selectors.change_request_page import ChangeRequestPage
from replication.selectors.requirements import Requirement

TITLES = {
    ChangeRequestState.DRAFT: "Before this can be submitted",
    ChangeRequestState.CHECKING: "Before this can be reviewed",
    ChangeRequestState.IN_REVIEW: "Before this can be merged",
    ChangeRequestState.APPROVED: "Before this can be merged",
}
READY = "Ready to merge"


@dataclass(frozen=True)
class RequirementLine:
    """One requirement; `state` is met, unmet or waiting."""

    state: str
    label: str
    detail: str


@dataclass(frozen=True)
class MainButton:
    """The one main button, or why it cannot be pressed."""

    label: str
    url: str
    enabled: bool
    reason: str
    danger: bool = False
    typed: str = ""
    fingerprint: str = ""
    seen: str = ""


@dataclass(frozen=True)
class QuietAct:
    """Another act. After a refusal it stands open with what was typed (`text`) and what was wrong (`error`)."""

    label: str
    url: str
    needs_reason: bool
    open: bool = False
    text: str = ""
    error: str = ""


@dataclass(frozen=True)
class Typed:
    """What somebody typed into an act's reason that was refused, and why."""

    act: str
    text: str
    error: str


@dataclass(frozen=True)
class VerdictBox:
    """The whole box."""

    title: str
    requirements: tuple[RequirementLine, ...]
    act: MainButton | None
    others: tuple[QuietAct, ...]


def verdict_box(page: ChangeRequestPage, typed: Typed | None = None) -> VerdictBox | None:
    """The box while the request is open; None afterwards."""
    change_request = page.change_request
    if not change_request.is_open:
        return None
    return VerdictBox(
        title=READY
        if page.main_act.name == "merge" and page.main_act.decision
        else TITLES[change_request.state_choice],
        requirements=tuple(_line(requirement, page) for requirement in page.requirements.lines),
        act=_main_button(page),
        others=_others(page, typed),
    )


def word_to_type(plan: Plan | None) -> str:
    """What has to be typed before a plan that removes tables is merged: the table's name, or how many there are.

    The end of a version that a newer one has superseded removes no table: its replication goes on. Nor does a pause.
    """
    if plan is None:
        return ""
    removed = {table for step in plan.steps for table in step.tables_remove}
    added = {table for step in plan.steps for table in step.tables_add}
    retired = {effect.table for effect in plan.side_effects if effect.kind is EffectKind.RETIRE_VERSION}
    gone = sorted(removed - added - retired - tables_paused(plan))
    if not gone:
        return ""
    return gone[0].rsplit("/", 1)[-1] if len(gone) == 1 else f"remove {len(gone)} tables"


def _line(requirement: Requirement, page: ChangeRequestPage) -> RequirementLine:
    waiting = {
        "checks": page.run is not None and page.run.is_live,
        "approvals": not page.requirements.approvals.blockers,
    }
    state = "met" if requirement.met else "waiting" if waiting.get(requirement.name) else "unmet"
    return RequirementLine(state, requirement.label, requirement.sentence)


def _main_button(page: ChangeRequestPage) -> MainButton | None:
    act, number = page.main_act, page.change_request.number
    labels = {"submit": "Submit for review", "approve": "Approve this plan", "merge": merge_label(page)}
    if act.name not in labels:
        return None
    merging = act.name == "merge"
    removes = page.plan is not None and plan_figures(page.plan).removed > 0
    return MainButton(
        label=labels[act.name],
        url=reverse(f"changes:{act.name}", args=[number]),
        enabled=act.decision.allowed,
        reason=act.decision.reason,
        danger=merging and removes,
        typed=word_to_type(page.plan) if merging else "",
        seen=page.change_request.document_hash if act.name == "submit" else "",
        fingerprint=page.run.fingerprint if page.run is not None and act.name == "approve" else "",
    )


def merge_label(page: ChangeRequestPage) -> str:
    """ "Merge and deploy to local (pauses 1 task)"."""
    paused = len(page.plan.paused_tasks) if page.plan is not None else 0
    pauses = f" (pauses {counted(paused, 'task')})" if paused else ""
    return f"Merge and deploy to {page.change_request.environment.name}{pauses}"


def _others(page: ChangeRequestPage, typed: Typed | None) -> tuple[QuietAct, ...]:
    may, number = page.permissions, page.change_request.number
    acts = []
    if may.review.allowed:
        acts.append(("request-changes", "Ask for changes", True))
        acts.append(("refuse", "Refuse", True))
    if may.close.allowed:
        acts.append(("close", "Close without merging", False))
    return tuple(
        QuietAct(
            label=label,
            url=reverse(f"changes:{name}", args=[number]),
            needs_reason=needs_reason,
            open=typed is not None and typed.act == name,
            text=typed.text if typed is not None and typed.act == name else "",
            error=typed.error if typed is not None and typed.act == name else "",
        )
        for name, label, needs_reason in acts
    )
