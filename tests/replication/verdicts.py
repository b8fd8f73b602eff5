"""Verdicts without AWS: a judge that plans from the document alone, and is as gloomy as a test wants it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from deploy_engine.adapters.verdict import Verdict
from deploy_engine.checks import CheckResult
from deploy_engine.config import Subject, document_to_json
from deploy_engine.config.physical_names import base_stack_name, team_stack_name
from deploy_engine.findings import Finding, Status
from deploy_engine.planning import EffectKind, Flavour, Load, Plan, Resources, SideEffect, Step
from replication.documents import document_hash

PASSED = CheckResult("config.schema", "The config fits the language", Status.PASSED, ())


def result_failed(check: str = "paths.unique", message: str = "two tables share a folder") -> CheckResult:
    """A check that failed."""
    return CheckResult(check, f"About {check}", Status.FAILED, (Finding(check, Status.FAILED, message),))


def result_silent(check: str = "base.deployed", message: str = "AWS did not answer") -> CheckResult:
    """A check that could not run."""
    finding = Finding(check, Status.FAILED, message)
    return CheckResult(check, f"About {check}", Status.FAILED, (finding,), could_not_run=True, reason=message)


def load_effect(table: str) -> SideEffect:
    """A table that loads: harmless."""
    return SideEffect(EffectKind.LOAD, "food-foodsearch", table, f"{table} loads from scratch")


def removal_effect(table: str) -> SideEffect:
    """A table that is removed: risky."""
    return SideEffect(EffectKind.REMOVE_TABLE, "food-foodsearch", table, f"{table} stops being replicated")


@dataclass
class FakeJudge:
    """Judges every subject the same way; the fingerprint follows the document and `world`."""

    results: tuple[CheckResult, ...] = (PASSED,)
    effects: tuple[SideEffect, ...] = ()
    refusals: tuple[Finding, ...] = ()
    world: str = "as it was"
    asked: list[Subject] = field(default_factory=list)

    def __call__(self, subject: Subject) -> Verdict:
        """The verdict on `subject`."""
        self.asked.append(subject)
        plan = None if self.refusals else self.plan(subject)
        return Verdict(self.results, plan, self.refusals)

    def plan(self, subject: Subject) -> Plan:
        """A one-step plan."""
        team = None if subject.is_base else subject.team_slug
        document = (
            {"environment": subject.environment.file.region}
            if team is None
            else document_to_json(subject.team.document)
        )
        text = f"{document_hash(document)} {self.world} {[effect.message for effect in self.effects]}"
        loads = tuple(
            Load(effect.task, effect.table, "v202611240000", f"data/{effect.table.replace('/', '_')}_v202611240000/")
            for effect in self.effects
            if effect.kind is EffectKind.LOAD
        )
        step = Step((), (), (), (), (), (), Resources(), loads, "{}")
        return Plan(
            environment=subject.environment_name,
            stack=team_stack_name(subject.environment_name, team)
            if team
            else base_stack_name(subject.environment_name),
            team=team,
            flavour=Flavour.SINGLE_STEP,
            steps=(step,),
            side_effects=self.effects,
            not_affected="No other team is affected.",
            deployed_sha256="",
            first_deployment=False,
            lake_bucket=subject.environment.file.lake_bucket,
            pause_estimate_seconds=0,
            fingerprint=hashlib.sha256(text.encode()).hexdigest(),
        )
